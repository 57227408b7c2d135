"""What goes into cells of spreadsheets."""

from typing import Any

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What makes a spreadsheet compute a cell (OWASP, CSV Injection)."""


def harmless(cell: Any) -> Any:
    """``cell`` so that no spreadsheet takes it for a formula; what is no text stays as it is."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell

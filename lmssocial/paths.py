"""Where files that are not code live: beside the package in a checkout, inside it in a wheel."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def is_checkout() -> bool:
    """Whether this package runs from a clone of the repository (also when installed as editable)."""
    return (_PACKAGE.parent / "pyproject.toml").is_file() and (_PACKAGE.parent / "frontend").is_dir()


def resource(name: str) -> Path:
    """The folder ``name`` (``"templates"``, ``"migrations"``).

    An editable install copies force-included folders once into site-packages, where they go stale; so a
    checkout always reads its own, and a wheel reads what was built into it.
    """
    return _PACKAGE.parent / name if is_checkout() else _PACKAGE / name

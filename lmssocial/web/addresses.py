"""Numbers in addresses."""

from flask import Flask
from werkzeug.routing import IntegerConverter, Map

LARGEST = 2**31 - 1
"""The largest id a database column holds; whatever is larger cannot be the id of anything."""


class IdConverter(IntegerConverter):
    """``<int:…>`` in an address: an id that can exist. A larger number is an address that does not."""

    def __init__(self, map: Map, *args: object, **options: object) -> None:  # noqa: A002 – Werkzeug's name
        """Bound what is read."""
        options.setdefault("max", LARGEST)
        super().__init__(map, *args, **options)  # type: ignore[arg-type]  # whatever a rule says, passed on


def init_app(app: Flask) -> None:
    """Read every ``<int:…>`` of ``app`` this way; to be called before routes are made."""
    app.url_map.converters["int"] = IdConverter

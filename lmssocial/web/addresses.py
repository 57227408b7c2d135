"""Numbers in addresses."""

from flask import Flask
from werkzeug.routing import IntegerConverter, Map

from lmssocial.core.db import LARGEST_ID


class IdConverter(IntegerConverter):
    """``<int:…>`` in an address: an id that can exist. A larger number is an address that does not."""

    def __init__(self, map: Map, *args: object, **options: object) -> None:  # noqa: A002 – Werkzeug's name
        """Bound what is read."""
        options.setdefault("max", LARGEST_ID)
        super().__init__(map, *args, **options)  # type: ignore[arg-type]  # whatever a rule says, passed on


def init_app(app: Flask) -> None:
    """Read every ``<int:…>`` of ``app`` this way; to be called before routes are made."""
    app.url_map.converters["int"] = IdConverter

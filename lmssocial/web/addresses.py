"""Numbers in addresses, and addresses that are compiled when the first of them is made."""

from collections.abc import Callable

from flask import Flask
from werkzeug.routing import IntegerConverter, Map, Rule

from lmssocial.core.db import LARGEST_ID


class IdConverter(IntegerConverter):
    """``<int:…>`` in an address: an id that can exist. A larger number is an address that does not."""

    def __init__(self, map: Map, *args: object, **options: object) -> None:  # noqa: A002 – Werkzeug's name
        """Bound what is read."""
        options.setdefault("max", LARGEST_ID)
        super().__init__(map, *args, **options)  # type: ignore[arg-type]  # whatever a rule says, passed on


class LateRule(Rule):
    """A rule that learns to make addresses when it is first asked to.

    Werkzeug writes and compiles two functions for each rule as soon as it is added. With two hundred of them that is
    most of what starting takes, and a process makes addresses of a few dozen.
    """

    def _compile_builder(  # the signature is Werkzeug's
        self,
        append_unknown: bool = True,  # noqa: FBT001, FBT002
    ) -> Callable[..., tuple[str, str]]:
        compiled: list[Callable[..., tuple[str, str]]] = []

        def build(rule: Rule, /, **values: object) -> tuple[str, str]:
            if not compiled:
                compiled.append(super(LateRule, self)._compile_builder(append_unknown))
            return compiled[0](rule, **values)

        return build


def init_app(app: Flask) -> None:
    """Read every ``<int:…>`` of ``app`` this way, and compile late; to be called before routes are made."""
    app.url_map.converters["int"] = IdConverter
    app.url_rule_class = LateRule

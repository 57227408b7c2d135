"""How to write bold, lists and links, as it stands below every composer."""

from functools import lru_cache

from flask import current_app
from markupsafe import Markup


@lru_cache(maxsize=64)
def markdown_help(locale: str) -> Markup:
    """How to write bold, lists and links, in a language; the same for everybody who reads it."""
    del locale  # only the key: the template asks for the language itself
    return Markup(current_app.jinja_env.get_template("content/_markdown_help.html").render())  # noqa: S704 – our own

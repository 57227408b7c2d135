"""How to write bold, lists and links, as it stands below every composer."""

from functools import lru_cache

from flask import current_app
from markupsafe import Markup


@lru_cache(maxsize=64)
def markdown_help(locale: str, *, names: bool = True) -> Markup:
    """How to write bold, lists and links, in a language; the same for everybody who reads it.

    :param names: whether the text may name people and tags.
    """
    del locale  # only the key: the template asks for the language itself
    template = current_app.jinja_env.get_template("content/_markdown_help.html")
    return Markup(template.render(names=names))  # noqa: S704 – our own

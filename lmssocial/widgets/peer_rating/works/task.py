"""The task, cooked: everybody in a course reads the same one, again and again."""

from functools import lru_cache

from markupsafe import Markup

from lmssocial.social.content.markdown import cook


@lru_cache(maxsize=64)
def task_html(source: str) -> Markup:
    """The task as HTML."""
    return Markup(cook(source))  # noqa: S704 – cooking sanitises

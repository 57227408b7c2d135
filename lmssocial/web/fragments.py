"""Parts of pages, which htmx asks for instead of whole ones."""

from flask import request


def is_fragment() -> bool:
    """Whether this request wants a part of a page."""
    return request.headers.get("HX-Request") == "true"

"""The page of a question, put together from what every room knows of it."""

from lmssocial.widgets.experts.reading.routes import register

__all__ = ["register"]

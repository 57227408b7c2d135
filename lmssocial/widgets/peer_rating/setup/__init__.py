"""Setting an activity up: one page with everything an instructor may set, examples, and the button that opens it."""

from lmssocial.widgets.peer_rating.setup.routes import register

__all__ = ["register"]

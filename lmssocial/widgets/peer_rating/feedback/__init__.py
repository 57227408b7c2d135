"""What authors get: the reviews of their work, their score, and the way to say what they think of both."""

from lmssocial.widgets.peer_rating.feedback.routes import register

__all__ = ["register"]

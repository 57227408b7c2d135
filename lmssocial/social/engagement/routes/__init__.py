"""The pages of engagement: marks, the people behind them, sentences, sharing, and what somebody saved."""

from lmssocial.social.engagement.routes import list_routes, mark_routes, sentence_routes, share_routes
from lmssocial.social.engagement.routes.blueprint import bp

__all__ = ["bp", "list_routes", "mark_routes", "sentence_routes", "share_routes"]

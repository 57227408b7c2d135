"""The pages of moderation: the desk, a case, the author's view, reporting a post, and the log."""

from lmssocial.social.moderation.routes import author_routes, desk_routes, flag_routes, log_routes
from lmssocial.social.moderation.routes.blueprint import bp, nav_item, ports

__all__ = ["author_routes", "bp", "desk_routes", "flag_routes", "log_routes", "nav_item", "ports"]

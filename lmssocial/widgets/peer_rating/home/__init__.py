"""The first page: what is due, for whom, and how it stands."""

from lmssocial.widgets.peer_rating.home.routes import register

__all__ = ["register"]

"""What people hand in: written, handed in alone or as a team, changed, withdrawn, taken out by staff, and read."""

from lmssocial.widgets.peer_rating.works.routes import register

__all__ = ["register"]

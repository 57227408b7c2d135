"""Reviewing: the work beside the rubric, what is written kept as it comes, handed in, changed, passed on, taken out."""

from lmssocial.widgets.peer_rating.reviews.routes import register

__all__ = ["register"]

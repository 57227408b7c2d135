"""The first page of an activity: what somebody has to do, until when, and what comes then."""

from lmssocial.widgets.peer_rating.home.routes import register

__all__ = ["register"]

"""Keeping a new placement, whoever it came from: an instructor, a link that names its widget, or a copied course."""

from sqlalchemy.orm import Session

from lmssocial.core import activity
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.communities.events import WidgetPlaced
from lmssocial.social.communities.models import Placement


def keep(session: Session, actor: Actor, placement: Placement) -> None:
    """Add it and record that it is there."""
    session.add(placement)
    session.flush()  # the event needs the new id
    activity.record(
        session,
        WidgetPlaced(
            **actor.envelope,
            placement_id=placement.id,
            widget=placement.widget,
            copied=placement.copied_from_id is not None,
        ),
    )

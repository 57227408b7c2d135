"""What comes along with a copied activity once there is somebody it belongs to."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from lmssocial.core.hooks import Widget
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.communities import copies
from lmssocial.social.communities.models import Placement


def adopt(session: Session, actor: Actor, placement: Placement, kinds: Mapping[str, Widget]) -> None:
    """Let what belongs into every copy of a widget come along, when its first instructor arrives."""
    if placement.copied_from_id is None or placement.created_by_id is not None or not actor.is_staff:
        return
    original = copies.adopt(session, actor, placement)
    widget = kinds.get(placement.widget)
    if original is not None and widget is not None and widget.copied is not None:
        widget.copied(session, actor, original, placement.id)

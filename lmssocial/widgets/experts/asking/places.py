"""Where questions are asked."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.kernel.errors import NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.communities.models import Placement
from lmssocial.widgets.experts.blueprint import WIDGET


def require_place(session: Session, actor: Actor, placement_id: int) -> Placement:
    """The expert connect of that number in the actor's community.

    :raises NotFound: if there is none.
    """
    placement = session.scalar(
        select(Placement).where(
            Placement.id == placement_id,
            Placement.community_id == actor.community_id,
            Placement.widget == WIDGET,
        )
    )
    if placement is None:
        raise NotFound(
            _("There is no expert connect at this address."),
            reason=f"placement {placement_id} is not one of community {actor.community_id}",
        )
    return placement

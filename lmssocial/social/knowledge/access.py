"""Who may publish knowledge, and who says that it holds."""

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from lmssocial.core.kernel.errors import NotAllowed, NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.knowledge.models import Item
from lmssocial.social.knowledge.ports import Home, Known


def items_of(actor: Actor) -> ColumnElement[bool]:
    """The items of the actor's community, as a WHERE clause; who reads each is the widget's to say."""
    return and_(Item.tenant_id == actor.tenant_id, Item.community_id == actor.community_id)


def may_review(actor: Actor, item: Item) -> bool:
    """Whether they say that an item holds, or does not any more: who moderates, and who gave the answer."""
    here = (item.tenant_id, item.community_id) == (actor.tenant_id, actor.community_id)
    return here and (actor.moderates or item.answerer_id == actor.user_id)


def reviewed_by(actor: Actor) -> ColumnElement[bool]:
    """:func:`may_review` as a WHERE clause."""
    here = items_of(actor)
    return here if actor.moderates else and_(here, Item.answerer_id == actor.user_id)


def knows_origin(actor: Actor, item: Item) -> bool:
    """Whether they read what an item came from: everybody where it is open, else those whose words it was made of."""
    if item.origin_is_open or actor.user_id in (item.asker_id, item.answerer_id):
        return True
    return actor.moderates and item.community_id == actor.community_id


def require_home(session: Session, actor: Actor, port: Known, placement_id: int) -> Home:
    """The place of the actor's community in which something is to be published.

    :raises NotFound: if nothing can be published there.
    """
    for home in port.homes(session, actor):
        if home.placement_id == placement_id:
            return home
    raise NotFound(
        _("Nothing can be published there at the moment. Choose another place."),
        reason=f"placement {placement_id} is no home for knowledge of community {actor.community_id}",
    )


def require_review(session: Session, actor: Actor, contribution_id: int, *, lock: bool = True) -> Item:
    """The item to say something about.

    :param lock: whether nobody else says something until the transaction ends.
    :raises NotFound: if the actor's community has none of that id.
    :raises NotAllowed: if it is not theirs to say.
    """
    either = or_(Item.contribution_id == contribution_id, Item.answer_id == contribution_id)
    wanted = select(Item).where(items_of(actor), either)
    if lock:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    item = session.scalar(wanted)
    if item is None:
        raise NotFound(
            _("This is not kept as knowledge here."), reason=f"contribution {contribution_id} is no item"
        )
    if not may_review(actor, item):
        raise NotAllowed(_("Only moderators, and whoever gave this answer, say whether it still holds."))
    return item

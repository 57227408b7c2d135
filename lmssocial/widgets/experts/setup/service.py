"""Setting expert connect. Nothing here commits."""

import hashlib
import json

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lmssocial.core.activity import record
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import Conflict, NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.communities.models import Placement
from lmssocial.widgets.experts import access
from lmssocial.widgets.experts.events import Configured
from lmssocial.widgets.experts.models import ALIVE, Question
from lmssocial.widgets.experts.settings import ExpertSettings


def fingerprint(settings: ExpertSettings) -> str:
    """The same for the same settings: a page says with it what it was made from."""
    plain = json.dumps(settings.as_json(), sort_keys=True)
    return hashlib.sha256(plain.encode()).hexdigest()[:16]


def configure(
    session: Session, actor: Actor, placement_id: int, after: ExpertSettings, seen: str
) -> tuple[str, ...]:
    """Set one placement; says what is different now, by the names of the settings.

    Questions that wait follow the new times from now on.

    :param seen: the :func:`fingerprint` of what was set when the page was opened.
    :raises NotFound: if the actor's community has no such placement.
    :raises NotAllowed: unless they are staff.
    :raises Conflict: if somebody else changed it since.
    """
    access.require_sets_up(actor)
    placement = session.scalar(
        select(Placement)
        .where(Placement.id == placement_id, Placement.community_id == actor.community_id)
        .with_for_update(key_share=True)  # whoever is invited meanwhile is invited under it
        .execution_options(populate_existing=True)
    )
    if placement is None:
        raise NotFound(reason=f"no placement {placement_id} in community {actor.community_id}")
    before = ExpertSettings.read(placement.settings)
    if seen != fingerprint(before):
        raise Conflict(
            _(
                "Somebody else changed these settings while you had the page open, so nothing was saved. "
                "Everything you typed is still here: save it again if yours shall stand."
            )
        )
    stored, wanted = before.as_json(), after.as_json()
    changed = tuple(name for name, value in wanted.items() if value != stored[name])
    if not changed:
        return ()
    placement.settings = {**placement.settings, **wanted}
    session.execute(
        update(Question)
        .where(Question.placement_id == placement_id, Question.state.in_(ALIVE))
        .values(next_at=clock.now())
        .execution_options(synchronize_session=False)
    )
    record(session, Configured(**actor.envelope, placement_id=placement_id, changed=list(changed)))
    return changed

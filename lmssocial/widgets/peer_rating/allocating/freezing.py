"""The rubric that reviews are made by: taken from the settings with the first review, and kept."""

import hashlib
import json

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.db.upsert import insert_if_absent
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import Invalid
from lmssocial.core.kernel.words import gettext as _
from lmssocial.social.rubrics import criteria
from lmssocial.widgets.peer_rating.activities import Running
from lmssocial.widgets.peer_rating.models import Rubric


def rubric_for(session: Session, running: Running) -> Rubric:
    """The rubric of a locked activity; from the first call on it is the same, whatever the settings say later.

    :raises Invalid: if the settings have none.
    """
    activity = running.activity
    if activity.rubric_id is not None:
        return session.get_one(Rubric, activity.rubric_id)
    plain = criteria.as_json(running.settings.rubric)
    if not plain:
        raise Invalid(
            _("This activity has no criteria yet. An instructor has to write them before anybody can review.")
        )
    digest = hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()
    row = {
        "tenant_id": activity.tenant_id,
        "community_id": activity.community_id,
        "digest": digest,
        "criteria": {"criteria": plain},
        "most": running.settings.most,
        "created_at": clock.now(),
    }
    insert_if_absent(session, Rubric, row, [Rubric.community_id, Rubric.digest])
    found = session.scalars(
        select(Rubric).where(Rubric.community_id == activity.community_id, Rubric.digest == digest)
    ).one()
    activity.rubric_id = found.id
    session.flush()
    return found

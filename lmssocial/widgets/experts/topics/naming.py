"""Names of topics: as they are written, compared, and found. A topic that was merged is found as what it became."""

from collections.abc import Iterable, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lmssocial.core.db.upsert import insert_if_absent
from lmssocial.core.kernel.errors import Invalid, NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.communities.models import Placement
from lmssocial.social.content.named import fold_name
from lmssocial.social.content.text import tidy_line
from lmssocial.widgets.experts.blueprint import WIDGET
from lmssocial.widgets.experts.topic_models import Topic, TopicName

LONGEST = 60
"""Characters of a name."""


def written(name: str) -> str:
    """A name as it is shown: on one line, without the sign that a tag has.

    :raises Invalid: if it is too long.
    """
    line = " ".join(tidy_line(name).split()).lstrip("#").strip()
    if len(line) > LONGEST or len(fold_name(line)) > LONGEST:
        raise Invalid(_("The name of a topic has at most %(max)d characters.", max=LONGEST))
    return line


def each_once(names: Iterable[str]) -> dict[str, str]:
    """Names as they are compared, and as they were first written; blank ones are none.

    :raises Invalid: if one is too long.
    """
    found: dict[str, str] = {}
    for name in names:
        line = written(name)
        if line:
            found.setdefault(fold_name(line), line)
    return found


def locked(session: Session, actor: Actor, topic_id: int, *, to_change: bool = False) -> Topic:
    """A topic of the actor's community that is not merged away; it stays so until this transaction ends.

    :param to_change: whether nobody else shall even put something under it meanwhile.
    :raises NotFound: if there is none.
    """
    found = session.scalar(
        select(Topic)
        .where(
            Topic.id == topic_id,
            Topic.community_id == actor.community_id,
            Topic.tenant_id == actor.tenant_id,
        )
        .with_for_update(read=not to_change)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound(_("There is no topic at this address."), reason=f"no topic {topic_id} here")
    if found.merged_into_id is not None:
        return locked(session, actor, found.merged_into_id, to_change=to_change)
    return found


def called(session: Session, community_id: int, folded: Iterable[str]) -> dict[str, int]:
    """The topics of some names that are compared, by these. One query, or none if there is no name."""
    names = sorted(set(folded))
    if not names:
        return {}
    rows = session.execute(
        select(TopicName.name, TopicName.topic_id).where(
            TopicName.community_id == community_id, TopicName.name.in_(names)
        )
    )
    return {row.name: row.topic_id for row in rows}


def take_name(session: Session, topic: Topic, folded: str, label: str) -> bool:
    """Let a topic be found by a name; says whether it is, now or before. Two who take it at once do not both get it."""
    row = {
        "community_id": topic.community_id,
        "name": folded,
        "topic_id": topic.id,
        "label": label,
    }
    if insert_if_absent(session, TopicName, row, [TopicName.community_id, TopicName.name]):
        return True
    return called(session, topic.community_id, [folded]).get(folded) == topic.id


def synonyms(session: Session, topic_ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """What else some topics are called. One query, or none if there is no topic."""
    if not topic_ids:
        return {}
    rows = session.execute(
        select(TopicName.topic_id, TopicName.label, TopicName.name, Topic.label.label("own"))
        .join(Topic, Topic.id == TopicName.topic_id)
        .where(TopicName.topic_id.in_(topic_ids))
        .order_by(TopicName.name)
    )
    found: dict[int, tuple[str, ...]] = {}
    for row in rows:
        if row.name != fold_name(row.own):
            found[row.topic_id] = (*found.get(row.topic_id, ()), row.label)
    return found


def somewhere(session: Session, community_id: int) -> int:
    """The first place of expert connect in a community, for what happens to topics, which belong to all of them."""
    first = session.scalar(
        select(func.min(Placement.id)).where(
            Placement.community_id == community_id, Placement.widget == WIDGET
        )
    )
    return first or 0

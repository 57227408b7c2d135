"""Expert connect in a copied course: its settings come by themselves; here the topics follow, with all their names.

People, questions and meetings stay where they were. Nothing here commits.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.communities.models import Placement
from lmssocial.widgets.experts.topic_models import Topic, TopicName


def bring_topics(session: Session, actor: Actor, from_id: int, to_id: int) -> None:  # noqa: ARG001 – topics are of communities
    """Let the actor's community have the topics in use of the community of placement ``from_id``.

    A name that the community knows already stays what it is there.

    :param actor: the instructor who comes to the copied course first.
    """
    origin = session.scalar(
        select(Placement.community_id).where(Placement.id == from_id, Placement.tenant_id == actor.tenant_id)
    )
    if origin is None or origin == actor.community_id:
        return
    topics = session.scalars(
        select(Topic)
        .where(Topic.community_id == origin, Topic.merged_into_id.is_(None), Topic.retired_at.is_(None))
        .order_by(Topic.id)
    ).all()
    names: dict[int, list[TopicName]] = {}
    for name in session.scalars(
        select(TopicName).where(TopicName.community_id == origin).order_by(TopicName.name)
    ):
        names.setdefault(name.topic_id, []).append(name)
    taken = set(session.scalars(select(TopicName.name).where(TopicName.community_id == actor.community_id)))
    for topic in topics:
        free = [name for name in names.get(topic.id, []) if name.name not in taken]
        if not any(name.label == topic.label for name in free):
            continue
        _bring(session, actor, topic, free)
        taken |= {name.name for name in free}


def _bring(session: Session, actor: Actor, topic: Topic, names: list[TopicName]) -> None:
    copy = Topic(
        tenant_id=actor.tenant_id,
        community_id=actor.community_id,
        label=topic.label,
        about=topic.about,
        created_by_id=actor.user_id,
        created_at=clock.now(),
    )
    session.add(copy)
    session.flush()
    session.add_all(
        TopicName(community_id=actor.community_id, name=name.name, topic_id=copy.id, label=name.label)
        for name in names
    )
    session.flush()

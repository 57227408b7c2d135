"""Topics are found or made by whoever names them, and kept in order by stewards. Nothing here commits."""

from collections.abc import Sequence

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from lmssocial.core.activity.record import record
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import Conflict, Invalid
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.content.text import tidy_line
from lmssocial.widgets.experts import access
from lmssocial.widgets.experts.people_events import TopicChanged, TopicMade
from lmssocial.widgets.experts.topic_models import Topic, TopicName
from lmssocial.widgets.experts.topics import naming

MOST_NAMED = 5
"""Topics of one question."""
MOST_SYNONYMS = 20
LONGEST_ABOUT = 300


def resolve(session: Session, actor: Actor, names: Sequence[str], *, most: int = MOST_NAMED) -> list[int]:
    """The topics that some names mean in the actor's community, in that order; what is new is made.

    Names are found whatever their case, also synonyms, and names of what was merged. Until this transaction ends none
    of these topics is merged away.

    :raises Invalid: if a name is too long, there are too many of them, or one is of a retired topic.
    :raises NotAllowed: for somebody who asks nobody.
    """
    access.require_asks(actor)
    wanted = naming.each_once(names)
    if len(wanted) > most:
        raise Invalid(_("At most %(max)d topics, please.", max=most))
    known = naming.called(session, actor.community_id, wanted)
    ids = {
        folded: known[folded] if folded in known else _found_or_made(session, actor, folded, wanted[folded])
        for folded in sorted(wanted)
    }
    now = {topic_id: naming.locked(session, actor, topic_id) for topic_id in sorted(set(ids.values()))}
    topics = [now[ids[folded]] for folded in wanted]
    for topic in topics:
        if topic.retired_at is not None:
            raise Invalid(
                _("The topic “%(topic)s” is not used here any more. Choose another one.", topic=topic.label)
            )
    return list(dict.fromkeys(topic.id for topic in topics))


def create(session: Session, actor: Actor, label: str, about: str, synonyms: Sequence[str] = ()) -> Topic:
    """Make a topic.

    :raises NotAllowed: unless the actor looks after topics.
    :raises Invalid: if it has no name, or something is too long.
    :raises Conflict: if one of its names means another topic.
    """
    access.require_looks_after(actor)
    own = _own_name(label)
    topic = _new(session, actor, own, _about(about))
    _take_names(session, topic, [own, *synonyms])
    _tell_made(session, actor, topic)
    return topic


def edit(
    session: Session,
    actor: Actor,
    topic_id: int,
    label: str,
    about: str,
    synonyms: Sequence[str],
) -> Topic:
    """Say what a topic is called, and what belongs there. Names that are left out mean nothing any more.

    :raises NotAllowed: unless the actor looks after topics.
    :raises NotFound: if there is no such topic.
    :raises Invalid: if it has no name, or something is too long.
    :raises Conflict: if one of its names means another topic.
    """
    access.require_looks_after(actor)
    own = _own_name(label)
    topic = naming.locked(session, actor, topic_id, to_change=True)
    kept = set(naming.each_once([own, *synonyms]))
    session.execute(delete(TopicName).where(TopicName.topic_id == topic.id, TopicName.name.not_in(kept)))
    _take_names(session, topic, [own, *synonyms])
    topic.label, topic.about = own, _about(about)
    _tell_changed(session, actor, topic)
    return topic


def retire(session: Session, actor: Actor, topic_id: int, *, retired: bool) -> Topic:
    """Let nothing new be put under a topic, or let it be again. What stands there stays.

    :raises NotAllowed: unless the actor looks after topics.
    :raises NotFound: if there is no such topic.
    """
    access.require_looks_after(actor)
    topic = naming.locked(session, actor, topic_id, to_change=True)
    if (topic.retired_at is not None) is not retired:
        topic.retired_at = clock.now() if retired else None
        _tell_changed(session, actor, topic)
    return topic


def _found_or_made(session: Session, actor: Actor, folded: str, label: str) -> int:
    """A topic of a name that meant nothing a moment ago; of two who make it at once both get the same."""
    topic = _new(session, actor, label, "")
    if naming.take_name(session, topic, folded, label):
        _tell_made(session, actor, topic)
        return topic.id
    session.delete(topic)
    session.flush()
    return naming.called(session, actor.community_id, [folded])[folded]


def _new(session: Session, actor: Actor, label: str, about: str) -> Topic:
    topic = Topic(
        tenant_id=actor.tenant_id,
        community_id=actor.community_id,
        label=label,
        about=about,
        created_by_id=actor.user_id,
        created_at=clock.now(),
    )
    session.add(topic)
    session.flush()  # its names need its id
    return topic


def _take_names(session: Session, topic: Topic, names: Sequence[str]) -> None:
    wanted = naming.each_once(names)
    if len(wanted) > MOST_SYNONYMS + 1:
        raise Invalid(_("A topic has at most %(max)d other names.", max=MOST_SYNONYMS))
    for folded, label in sorted(wanted.items()):
        if not naming.take_name(session, topic, folded, label):
            raise Conflict(
                _(
                    "“%(name)s” is a name of another topic. Take it away there first, or merge the two topics.",
                    name=label,
                )
            )
        session.execute(
            update(TopicName)
            .where(TopicName.community_id == topic.community_id, TopicName.name == folded)
            .values(label=label)
        )


def _own_name(label: str) -> str:
    own = naming.written(label)
    if not own:
        raise Invalid(_("Say what the topic is called."))
    return own


def _about(about: str) -> str:
    line = tidy_line(about)
    if len(line) > LONGEST_ABOUT:
        raise Invalid(_("At most %(max)d characters, please.", max=LONGEST_ABOUT))
    return line


def _tell_made(session: Session, actor: Actor, topic: Topic) -> None:
    place = naming.somewhere(session, topic.community_id)
    record(session, TopicMade(**actor.envelope, placement_id=place, topic_id=topic.id))


def _tell_changed(session: Session, actor: Actor, topic: Topic) -> None:
    place = naming.somewhere(session, topic.community_id)
    record(session, TopicChanged(**actor.envelope, placement_id=place, topic_id=topic.id))

"""The rows of somebody who answers: made by whoever comes first, changed by one at a time."""

import hashlib
from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.db.upsert import insert_if_absent
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.content.models import Contribution
from lmssocial.widgets.experts.models import Reach
from lmssocial.widgets.experts.people_models import Expertise, Person, Profile

PERSON: dict[str, Any] = {
    "languages": "",
    "zone": "",
    "opens": 8,
    "closes": 20,
    "days": "12345",
    "most_open": 2,
    "most_week": 3,
    "meeting_place": "",
    "feed_hash": "",
    "version": 1,
}
"""What somebody can take who did not say so yet."""

_NOTHING_DONE = dict.fromkeys(("answers", "accepted", "helpful_sum", "helpful_count", "invited", "taken"), 0)
_SAID = ("languages", "zone", "opens", "closes", "days", "most_open", "most_week", "meeting_place")


def person_of(session: Session, user_id: int) -> Person:
    """How much somebody can take; what anybody can who did not say so yet. One query."""
    found = session.get(Person, user_id)
    return Person(user_id=user_id, **PERSON) if found is None else found


def hold(session: Session, tenant_id: int, user_ids: Iterable[int]) -> dict[int, Person]:
    """These people by their ids: until this transaction ends nobody else takes anything of their time.

    Rows are made for those who have none, and locked in the order of the ids, all at once, so that two who hold the
    same people wait for each other and never for ever. Whoever invites, books or moves begins with this.
    """
    ids = sorted(set(user_ids))
    for user_id in ids:
        row = {"user_id": user_id, "tenant_id": tenant_id, **PERSON}
        insert_if_absent(session, Person, row, [Person.user_id])
    statement = select(Person).where(Person.user_id.in_(ids)).order_by(Person.user_id).with_for_update()
    found = session.scalars(statement.execution_options(populate_existing=True))
    return {person.user_id: person for person in found}


def locked_person(session: Session, actor: Actor) -> Person:
    """:func:`person_of`, to be changed: nobody else does until this transaction ends."""
    return hold(session, actor.tenant_id, [actor.user_id])[actor.user_id]


def locked_profile(session: Session, actor: Actor, placement_id: int) -> Profile:
    """The actor as an expert in their community, to be changed."""
    row = {
        "community_id": actor.community_id,
        "user_id": actor.user_id,
        "tenant_id": actor.tenant_id,
        "placement_id": placement_id,
        "reach": Reach.NONE,
        "connects": False,
        **_NOTHING_DONE,
    }
    insert_if_absent(session, Profile, row, [Profile.community_id, Profile.user_id])
    return session.scalars(
        select(Profile)
        .where(Profile.community_id == actor.community_id, Profile.user_id == actor.user_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def declared(session: Session, actor: Actor) -> list[Expertise]:
    """What the actor says they know in their community. One query."""
    return list(
        session.scalars(
            select(Expertise)
            .where(
                Expertise.community_id == actor.community_id,
                Expertise.user_id == actor.user_id,
                Expertise.declared_at.is_not(None),
            )
            .order_by(Expertise.topic_id)
        )
    )


def fingerprint(
    person: Person, profile: Profile | None, words: Contribution | None, topic_ids: Iterable[int]
) -> str:
    """Names what a profile says, so that two forms of it notice each other."""
    said = (
        [getattr(person, name) for name in _SAID],
        (profile.reach.value, profile.connects) if profile else (Reach.NONE.value, False),
        (words.id, words.version) if words else None,
        sorted(topic_ids),
    )
    return hashlib.sha256(repr(said).encode()).hexdigest()[:16]

"""Groups and sections that the LMS keeps, as groups of a community: a roster or a launch says who is in which.

Nobody changes them here. A group that nobody is in stays, for its threads do; one that the LMS does not have any more
goes as soon as nothing belongs to it. Nothing here commits.

Two launches at once make one group between them: whoever makes one holds the community's row.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from hashlib import sha256

from sqlalchemy import delete, select, tuple_
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lmssocial.core.db.upsert import dialect_insert
from lmssocial.core.kernel import clock
from lmssocial.lms.identity.models import Membership
from lmssocial.lms.roster.ports import Belonging, Hooks, NamedGroup
from lmssocial.social.communities.groups import GROUP, MAX_NAME, SECTION
from lmssocial.social.communities.models import Community, Group, GroupMember

MOST = 2000
"""Groups and sections of one community; more are not made, whatever an LMS names."""
AT_ONCE = 1000
"""People or pairs in one statement."""


def belong(session: Session, course_id: int, belongings: Mapping[int, Belonging]) -> None:
    """Put people into the groups that were told of them, and out of all others of the LMS that were spoken of.

    The number of statements depends on neither people nor groups, up to :data:`AT_ONCE` of them.
    """
    community = _community(session, course_id)
    if community is None:
        return
    wanted = {user_id: _keys(told) for user_id, told in belongings.items()}
    ids = _made(session, community, {key: name for keys in wanted.values() for key, name in keys.items()})
    pairs = {(ids[key], user_id) for user_id, keys in wanted.items() for key in keys if key in ids}
    people = sorted(belongings)
    for start in range(0, len(people), AT_ONCE):
        some = people[start : start + AT_ONCE]
        now_in = _pairs_of(session, community.id, {user_id: belongings[user_id] for user_id in some})
        theirs = {pair for pair in pairs if some[0] <= pair[1] <= some[-1]}
        _take_out(session, now_in - theirs)
        _put_in(session, theirs - now_in)


def named(session: Session, course_id: int, groups: Collection[NamedGroup]) -> None:
    """Take over all groups of a course with their names. Those that are not among them are gone from the LMS.

    A list without any group removes none: an LMS that is in trouble answers so, too.
    """
    community = _community(session, course_id)
    if community is None or not groups:
        return
    names = {_key(GROUP, group.id): group.name for group in groups}
    _made(session, community, names)
    known = session.scalars(
        select(Group).where(Group.community_id == community.id, Group.lms_key.startswith(GROUP))
    ).all()
    wrong = [
        row for row in known if row.lms_key in names and not _is_called(row.name, _fit(names[row.lms_key]))
    ]
    if wrong:
        taken = _taken(session, community)
        for row in wrong:
            taken.discard(row.name.casefold())
            row.name = _free(_fit(names[row.lms_key]), taken)
            session.flush()  # one at a time: the next may take the name that this one leaves
    for row in known:
        if row.lms_key not in names:
            _gone(session, row)


def left(session: Session, course_id: int) -> None:
    """Whoever is not in the course any more is in no group of its LMS either."""
    theirs = select(Group.id).join(Community, Community.id == Group.community_id)
    inactive = select(Membership.user_id).where(
        Membership.course_id == course_id, Membership.active.is_(False)
    )
    session.execute(
        delete(GroupMember)
        .where(
            GroupMember.group_id.in_(theirs.where(Community.course_id == course_id, Group.lms_key != "")),
            GroupMember.user_id.in_(inactive),
        )
        .execution_options(synchronize_session=False)
    )


HOOKS = Hooks(belong=belong, named=named, left=left)
"""What a run over a roster tells us."""


def _community(session: Session, course_id: int) -> Community | None:
    return session.scalar(select(Community).where(Community.course_id == course_id))


def _keys(told: Belonging) -> dict[str, str]:
    """The keys of the groups somebody is in, with what such a group is called until its name is known."""
    groups = {_key(GROUP, one): f"Group {_short(one)}" for one in told.groups or ()}
    sections = {
        _key(SECTION, one): f"Section {_short(one)}" if _is_id(one) else one for one in told.sections or ()
    }
    return groups | sections


def _key(kind: str, lms_id: str) -> str:
    key = kind + lms_id
    return key if len(key) <= 255 else kind + sha256(lms_id.encode()).hexdigest()


def _is_id(lms_id: str) -> bool:
    """Whether it is an id for machines; Canvas tells names of sections, others their numbers."""
    return not re.search(r"[^\W\d_]{2}", lms_id) or bool(re.fullmatch(r"[0-9a-fA-F-]{16,}", lms_id))


def _short(lms_id: str) -> str:
    return lms_id if len(lms_id) <= 16 else lms_id[:8]


def _made(session: Session, community: Community, names: Mapping[str, str]) -> dict[str, int]:
    """The ids of the groups with these keys; those that are not there are made."""
    if not names:
        return {}
    known = _ids(session, community)
    if names.keys() <= known.keys():
        return known
    session.execute(select(Community.id).where(Community.id == community.id).with_for_update())
    known = _ids(session, community)
    taken = _taken(session, community)
    rows = [
        {
            "tenant_id": community.tenant_id,
            "community_id": community.id,
            "name": _free(_fit(names[key]), taken),
            "lms_key": key,
            "created_at": clock.now(),
        }
        for key in sorted(names.keys() - known.keys())[: max(0, MOST - len(known))]
    ]
    if rows:
        session.connection().execute(dialect_insert(session, Group).on_conflict_do_nothing(), rows)
    return _ids(session, community)


def _ids(session: Session, community: Community) -> dict[str, int]:
    rows = session.execute(
        select(Group.lms_key, Group.id).where(Group.community_id == community.id, Group.lms_key != "")
    )
    return {row.lms_key: row.id for row in rows}


def _taken(session: Session, community: Community) -> set[str]:
    names = session.scalars(select(Group.name).where(Group.community_id == community.id))
    return {name.casefold() for name in names}


def _fit(name: str) -> str:
    """A name with room for what tells it from another."""
    return " ".join(name.split())[: MAX_NAME - 12] or "Group"


def _free(name: str, taken: set[str]) -> str:
    """``name``, or what tells it from a group of that name that was made here: ``Red (LMS)``. It is taken then."""
    number, chosen = 1, name
    while chosen.casefold() in taken:
        chosen = f"{name} (LMS)" if number == 1 else f"{name} (LMS {number})"
        number += 1
    taken.add(chosen.casefold())
    return chosen


def _is_called(current: str, name: str) -> bool:
    return current == name or re.fullmatch(re.escape(name) + r" \(LMS( \d+)?\)", current) is not None


def _pairs_of(session: Session, community_id: int, told: Mapping[int, Belonging]) -> set[tuple[int, int]]:
    """In which groups of the LMS people are now, of the kinds that were spoken of."""
    rows = session.execute(
        select(GroupMember.group_id, GroupMember.user_id, Group.lms_key)
        .join(Group, Group.id == GroupMember.group_id)
        .where(Group.community_id == community_id, Group.lms_key != "", GroupMember.user_id.in_(sorted(told)))
    )
    return {
        (row.group_id, row.user_id)
        for row in rows
        if (told[row.user_id].groups if row.lms_key.startswith(GROUP) else told[row.user_id].sections)
        is not None
    }


def _take_out(session: Session, pairs: Iterable[tuple[int, int]]) -> None:
    for some in _portions(pairs):
        session.execute(
            delete(GroupMember)
            .where(tuple_(GroupMember.group_id, GroupMember.user_id).in_(some))
            .execution_options(synchronize_session=False)
        )


def _put_in(session: Session, pairs: Iterable[tuple[int, int]]) -> None:
    for some in _portions(pairs):
        rows = [{"group_id": group_id, "user_id": user_id} for group_id, user_id in some]
        session.connection().execute(dialect_insert(session, GroupMember).on_conflict_do_nothing(), rows)


def _portions(pairs: Iterable[tuple[int, int]]) -> list[list[tuple[int, int]]]:
    ordered = sorted(pairs)
    return [ordered[start : start + AT_ONCE] for start in range(0, len(ordered), AT_ONCE)]


def _gone(session: Session, group: Group) -> None:
    """A group that its LMS does not have any more: nobody is in it, and it goes unless something belongs to it."""
    session.execute(
        delete(GroupMember)
        .where(GroupMember.group_id == group.id)
        .execution_options(synchronize_session=False)
    )
    try:
        with session.begin_nested():
            session.delete(group)
    except IntegrityError:  # threads belong to it; the next run tries again
        session.expire(group)

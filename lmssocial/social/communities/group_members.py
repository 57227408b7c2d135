"""Who is in a course group and who could be, and putting people into groups by a list of names."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from lmssocial.core.kernel.errors import Invalid
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import Membership, User
from lmssocial.social.communities import access, groups
from lmssocial.social.communities.models import Group, GroupMember

PAGE = 50
"""People on one page."""
LINES = 1000
"""Lines that can be pasted at once."""


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody who is in a group, or could be."""

    user_id: int
    name: str
    lead_role: str


@dataclass(frozen=True, kw_only=True)
class Line:
    """Somebody, and the group they shall be in."""

    name: str
    group: str


@dataclass(frozen=True, kw_only=True)
class Assigned:
    """What became of a list of names."""

    added: int
    made: tuple[str, ...]
    """Groups that were made for it."""
    unknown: tuple[str, ...]
    """Names that nobody in the course has."""
    ambiguous: tuple[str, ...]
    """Names that several people have; they are chosen by hand."""
    kept: tuple[str, ...]
    """Groups of the LMS, in which nobody is put here."""


def members_of(session: Session, actor: Actor, group_id: int) -> list[Person]:
    """Everybody in a group, by name. One query."""
    return _found(session, actor, _in_group(group_id), limit=None)


def others(
    session: Session, actor: Actor, group_id: int, *, called: str = "", page: int = 1
) -> tuple[list[Person], bool]:
    """Members of the course who are not in a group, by name, and whether there are more than this page. One query.

    :param called: a part of the name; empty for everybody.
    """
    conditions = [~_in_group(group_id)]
    conditions += [User.name.icontains(part, autoescape=True) for part in called.split()]
    offset = (max(page, 1) - 1) * PAGE
    rows = _found(session, actor, *conditions, limit=PAGE + 1, offset=offset)
    return rows[:PAGE], len(rows) > PAGE


def _in_group(group_id: int) -> ColumnElement[bool]:
    return User.id.in_(select(GroupMember.user_id).where(GroupMember.group_id == group_id))


def _found(
    session: Session, actor: Actor, *conditions: ColumnElement[bool], limit: int | None, offset: int = 0
) -> list[Person]:
    rows = session.execute(
        select(User.id, User.name, Membership.lead_role)
        .join(Membership, Membership.user_id == User.id)
        .where(
            Membership.course_id == actor.course_id,
            Membership.active.is_(True),
            User.tenant_id == actor.tenant_id,
            User.is_test.is_(False),
            *conditions,
        )
        .order_by(func.lower(User.name), User.id)
        .limit(limit)
        .offset(offset)
    )
    return [Person(user_id=user_id, name=name, lead_role=role) for user_id, name, role in rows]


def read_lines(text: str) -> list[Line]:
    """Names with their groups, as pasted from a spreadsheet or a CSV file: the name first, the group last.

    :raises Invalid: if a line has no group, or there are too many lines.
    """
    lines = [(number, line) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]
    if len(lines) > LINES:
        raise Invalid(_("At most %(most)d lines at once.", most=LINES))
    semicolons = bool(lines) and ";" in lines[0][1]
    found = []
    for number, line in lines:
        # A list grows by hand: one line was pasted from a spreadsheet, the next is typed with a comma.
        delimiter = "\t" if "\t" in line else ";" if semicolons else ","
        cells = next(csv.reader([line], delimiter=delimiter, skipinitialspace=True))
        filled = [" ".join(cell.split()) for cell in cells if cell.strip()]
        if len(filled) < 2:
            raise Invalid(
                _("Line %(number)d has no group. Write a name, a comma, and the group.", number=number)
            )
        found.append(Line(name=" ".join(filled[:-1]), group=filled[-1]))
    return found


def assign(session: Session, actor: Actor, lines: Sequence[Line]) -> Assigned:
    """Put people into groups by their names, and make the groups that are not there. Nobody is taken out of one.

    :raises NotAllowed: unless the actor is an instructor or administrator.
    :raises Invalid: if a group's name is too long, or there would be too many.
    """
    access.require_can_group(actor)
    people = _by_name(_found(session, actor, limit=None))
    known = {row.name.casefold(): row for row in groups.groups(session, actor)}
    wanted: dict[str, set[int]] = {}
    unknown: list[str] = []
    ambiguous: list[str] = []
    for line in lines:
        ids = people.get(line.name.casefold(), [])
        if len(ids) == 1:
            wanted.setdefault(line.group, set()).add(ids[0])
        else:
            (ambiguous if ids else unknown).append(line.name)
    made: list[str] = []
    kept: list[str] = []
    added = 0
    for name, ids_in in wanted.items():
        row = known.get(name.casefold())
        if row is not None and row.from_lms:
            kept.append(row.name)
            continue
        group_id = row.id if row else _made(session, actor, name, made)
        added += groups.put_in(session, actor, group_id, ids_in)
    return Assigned(
        added=added,
        made=tuple(made),
        unknown=_once(unknown),
        ambiguous=_once(ambiguous),
        kept=tuple(kept),
    )


def _made(session: Session, actor: Actor, name: str, made: list[str]) -> int:
    """The group of that name, made now unless a line before differed from it only in capitals."""
    folded = select(Group.id).where(
        Group.community_id == actor.community_id, func.lower(Group.name) == name.lower()
    )
    if found := session.scalar(folded):
        return found
    group = groups.make(session, actor, name)
    made.append(group.name)
    return group.id


def _by_name(people: Iterable[Person]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for person in people:
        found.setdefault(" ".join(person.name.split()).casefold(), []).append(person.user_id)
    return found


def _once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))

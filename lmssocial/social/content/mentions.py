"""People who are named in a text with an ``@``: found when it is handed in, remembered with it."""

import re
from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import and_, delete, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from lmssocial.core.db.upsert import dialect_insert
from lmssocial.core.kernel.errors import Invalid
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import Membership, User
from lmssocial.social.content.connection_models import Mention
from lmssocial.social.content.named import NOBODY, People, fold_name, possible_names

MAX_MENTIONS = 10
"""How many people one post calls: more is a meeting."""

MAX_LOOKED_UP = 40
"""How many ``@`` of one text are looked up."""

LARGEST_ID = 2**31 - 1
_AT = re.compile(r"@(?=[^\s@])")
_ID = re.compile(r"#(\d{1,10})(?!\w)", re.ASCII)


def people_named(session: Session, actor: Actor, source: str) -> People:
    """The active members of the actor's course that ``source`` may name. One query; none if there is no ``@``.

    Two who share a name are known only with their number, ``@Ana Ruiz#12``: a guess would call the wrong one.
    """
    places = [found.end() for found in _AT.finditer(source)][:MAX_LOOKED_UP]
    if not places:
        return NOBODY
    names = {name for at in places for name in possible_names(source[at : at + 400])}
    ids = {int(number) for number in _ID.findall(source) if int(number) <= LARGEST_ID}
    rows = session.execute(
        select(User.id, User.name)
        .join(Membership, Membership.user_id == User.id)
        .where(
            *_is_member(actor),
            or_(
                User.name.in_(names),
                func.lower(User.name).in_({name.lower() for name in names}),
                User.id.in_(ids),
            ),
        )
    )
    holders: dict[str, list[int]] = defaultdict(list)
    for user_id, name in rows:
        holders[fold_name(name)].append(user_id)
    return {
        written: user_id
        for name, users in holders.items()
        for user_id in users
        for written in ([name] if len(users) == 1 else []) + [f"{name}#{user_id}"]
    }


def _is_member(actor: Actor) -> tuple[Any, ...]:
    return (
        Membership.course_id == actor.course_id,
        Membership.active,
        User.tenant_id == actor.tenant_id,
        User.is_former.is_(False),
    )


def require_few(mentioned: Collection[int]) -> None:
    """Go on only if a post does not call half of the course.

    :raises Invalid: if it mentions more than :data:`MAX_MENTIONS` people.
    """
    if len(mentioned) > MAX_MENTIONS:
        raise Invalid(
            _(
                "A post mentions at most %(max)d people; yours mentions %(num)d. Take away the @ before some names.",
                max=MAX_MENTIONS,
                num=len(mentioned),
            )
        )


def remembered(session: Session, contribution_ids: Sequence[int]) -> dict[int, People]:
    """Whom some contributions mention, as they were understood when they were written. One query."""
    people: dict[int, dict[str, int]] = defaultdict(dict)
    rows = session.execute(
        select(Mention.contribution_id, Mention.user_id, Mention.written).where(
            Mention.contribution_id.in_(contribution_ids)
        )
    )
    for contribution_id, user_id, written in rows:
        name, sign, number = written.rpartition("#")
        known = people[contribution_id]
        known[fold_name(written)] = user_id
        if not (sign and number == str(user_id) and name):
            known[fold_name(f"{written}#{user_id}")] = user_id
    return dict(people)


def remember(session: Session, contribution_id: int, mentioned: dict[int, str], *, new: bool) -> None:
    """Keep whom a contribution mentions now. The rows of those it mentioned before stay as they are.

    :param new: whether nothing can be kept of it yet.
    """
    if not new:
        gone = and_(Mention.contribution_id == contribution_id, Mention.user_id.not_in(list(mentioned)))
        session.execute(delete(Mention).where(gone).execution_options(synchronize_session=False))
    if mentioned:
        rows = [
            {"contribution_id": contribution_id, "user_id": user_id, "written": written}
            for user_id, written in mentioned.items()
        ]
        insert: postgresql.Insert | sqlite.Insert = dialect_insert(session, Mention).values(rows)
        session.execute(
            insert.on_conflict_do_update(
                index_elements=["contribution_id", "user_id"], set_={"written": insert.excluded.written}
            )
        )


def completions(session: Session, actor: Actor, begun: str, limit: int = 8) -> list[tuple[str, str, str]]:
    """Members whose name, or one of its words, begins with ``begun``: what to write, the name, the leading role.

    At most two queries: the second tells those apart who share a name.
    """
    wanted = " ".join(begun.split())[:60]
    if not wanted:
        return []
    pattern = wanted.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    fits = or_(
        *(User.name.ilike(start + pattern + "%", escape="\\") for start in ("", "% ", "%-")),
    )
    found = session.execute(
        select(User.id, User.name, Membership.lead_role)
        .join(Membership, Membership.user_id == User.id)
        .where(*_is_member(actor), User.id != actor.user_id, fits)
        .order_by(User.name, User.id)
        .limit(limit)
    ).all()
    if not found:
        return []
    shared = set(
        session.scalars(
            select(User.name)
            .join(Membership, Membership.user_id == User.id)
            .where(*_is_member(actor), User.name.in_({row.name for row in found}))
            .group_by(User.name)
            .having(func.count() > 1)
        )
    )
    return [
        (f"{row.name}#{row.id}" if row.name in shared else row.name, row.name, row.lead_role) for row in found
    ]

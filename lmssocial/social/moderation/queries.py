"""What the moderators' desk shows: cases a page at a time, in a number of queries that does not grow with them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import case, exists, func, select
from sqlalchemy.orm import Session, aliased

from lmssocial.core.kernel.errors import Conflict
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import User
from lmssocial.social.communities.models import Tier
from lmssocial.social.content.models import Contribution
from lmssocial.social.moderation import access, cases
from lmssocial.social.moderation.choice import Choice, Statement, View, in_order, in_view, narrowed
from lmssocial.social.moderation.models import (
    Case,
    CaseState,
    Deed,
    Entry,
    Flag,
)
from lmssocial.social.moderation.ports import Moderated, Subject
from lmssocial.social.moderation.views import CaseView, Past, RaisedFlag, Row, view_of

_First, _Claimer, _Decider, _FirstDecider = aliased(Case), aliased(User), aliased(User), aliased(User)

PAGE = 20
"""Cases on a page of the desk."""


@dataclass(frozen=True)
class DeskPage:
    """Some cases, and where the list goes on."""

    cases: tuple[CaseView, ...]
    next_after: int | None
    author_name: str
    """Of whom the list is, if it is of one author; empty if nobody is known by that number."""


def waiting_count(session: Session, actor: Actor, tier: Tier) -> int:
    """How many cases wait that the actor may decide; 0 for who may decide none."""
    if not access.can_moderate(actor) or not access.is_trusted(actor, tier):
        return 0
    found = session.scalar(
        select(func.count(Case.id))
        .outerjoin(_First, _First.id == Case.appeal_of_id)
        .where(access.cases_of(actor), Case.state == CaseState.OPEN, Case.author_id != actor.user_id)
        .where(_First.decided_by_id.is_distinct_from(actor.user_id))
    )
    return found or 0


def counts(session: Session, actor: Actor) -> dict[View, int]:
    """How many open cases each view has. One query."""
    access.require_moderator(actor)
    open_views = [view for view in View if view is not View.DECIDED]
    row = session.execute(
        select(*(func.count(case((in_view(view, actor), Case.id))) for view in open_views)).where(
            access.cases_of(actor), Case.state == CaseState.OPEN
        )
    ).one()
    return dict(zip(open_views, row, strict=True))


def desk(
    session: Session, actor: Actor, tier: Tier, ports: Mapping[str, Moderated], choice: Choice
) -> DeskPage:
    """A page of cases: open ones oldest first, decided ones by when they were decided, newest first.

    :param ports: each widget's side of moderation, by the part of the submission kind before the dot.
    """
    access.require_moderator(actor)
    statement = _cases(actor).where(in_view(choice.view, actor), *narrowed(choice))
    rows = _rows(session, in_order(statement, choice).limit(PAGE + 1))
    shown = rows[:PAGE]
    named = None if choice.author_id is None else _name_of(session, actor, choice.author_id)
    return DeskPage(
        _views(session, actor, tier, ports, shown),
        next_after=shown[-1].case.id if len(rows) > PAGE else None,
        author_name=named or "",
    )


def case_view(
    session: Session, actor: Actor, tier: Tier, ports: Mapping[str, Moderated], case_id: int
) -> tuple[CaseView, Row] | None:
    """One case on the actor's desk, with the rows it was made of; ``None`` if there is none."""
    rows = _rows(session, _cases(actor).where(Case.id == case_id))
    return (_views(session, actor, tier, ports, rows)[0], rows[0]) if rows else None


def newest_case_of(session: Session, actor: Actor, contribution_id: int) -> int | None:
    """The case of a contribution that a moderator wants to see: the open one, or else the newest."""
    return session.scalar(
        select(Case.id)
        .where(access.cases_of(actor), Case.contribution_id == contribution_id)
        .order_by(case((Case.state == CaseState.OPEN, 0), else_=1), Case.id.desc())
        .limit(1)
    )


def kind_of(session: Session, actor: Actor, case_id: int) -> str | None:
    """The owner of a case's content (``discussion``), if the actor may decide the case."""
    kind = session.scalar(select(Case.kind).where(Case.id == case_id, access.cases_of(actor)))
    return None if kind is None else kind.partition(".")[0]


def owner_of(session: Session, actor: Actor, contribution_id: int) -> str | None:
    """The owner of a contribution in the actor's community (``discussion``)."""
    kind = session.scalar(
        select(Contribution.kind).where(Contribution.id == contribution_id, access.contributions_here(actor))
    )
    return None if kind is None else kind.partition(".")[0]


def require_same_wording(session: Session, actor: Actor, case_id: int, wording: str) -> str:
    """Go on only if the words that are decided about are those the moderator read. Locks them; gives their source.

    :raises Conflict: if their author changed them meanwhile.
    """
    words = session.scalar(
        select(Contribution)
        .join(Case, Case.contribution_id == Contribution.id)
        .where(Case.id == case_id, access.cases_of(actor))
        .with_for_update(of=Contribution)
        .execution_options(populate_existing=True)
    )
    if words is not None and cases.hash_of(words.title, words.source) != wording:
        raise Conflict(
            _(
                "Its author changed the text while you were reading. Nothing was decided: read the new one, please."
            )
        )
    return "" if words is None else words.source


def _cases(actor: Actor) -> Statement:
    return (
        select(Case, Contribution, User.name, _Claimer.name, _Decider.name, _First, _FirstDecider.name)
        .outerjoin(Contribution, Contribution.id == Case.contribution_id)
        .outerjoin(User, User.id == Case.author_id)
        .outerjoin(_Claimer, _Claimer.id == Case.claimed_by_id)
        .outerjoin(_Decider, _Decider.id == Case.decided_by_id)
        .outerjoin(_First, _First.id == Case.appeal_of_id)
        .outerjoin(_FirstDecider, _FirstDecider.id == _First.decided_by_id)
        .where(access.cases_of(actor))
        .execution_options(populate_existing=True)
    )


def _rows(session: Session, statement: Statement) -> list[Row]:
    return [Row(*row) for row in session.execute(statement)]


def _views(
    session: Session, actor: Actor, tier: Tier, ports: Mapping[str, Moderated], rows: Sequence[Row]
) -> tuple[CaseView, ...]:
    if not rows:
        return ()
    subjects = _subjects(session, actor, ports, rows)
    flags, approvals, pasts = _flags(session, rows), _approvals(session, rows), _pasts(session, actor, rows)
    return tuple(
        view_of(
            row,
            actor,
            tier,
            subject=subjects.get(row.case.contribution_id),
            flags=tuple(flag for flag in flags if flag.case_id in (row.case.id, row.case.appeal_of_id)),
            approved_by=approvals.get(row.case.id, frozenset()),
            pasts=tuple(
                past
                for past in pasts
                if past.contribution_id == row.case.contribution_id
                and past.case_id not in (row.case.id, row.case.appeal_of_id)
            ),
        )
        for row in rows
    )


def _subjects(
    session: Session, actor: Actor, ports: Mapping[str, Moderated], rows: Sequence[Row]
) -> dict[int, Subject]:
    found: dict[int, Subject] = {}
    for owner, port in ports.items():
        ids = [row.case.contribution_id for row in rows if row.case.kind.partition(".")[0] == owner]
        if ids:
            found.update(port.subjects(session, actor, tuple(dict.fromkeys(ids))))
    return found


def _flags(session: Session, rows: Sequence[Row]) -> list[RaisedFlag]:
    ids = {row.case.id for row in rows} | {row.case.appeal_of_id for row in rows if row.case.appeal_of_id}
    found = session.execute(
        select(Flag.case_id, Flag.reason, Flag.note, User.name, Flag.at, Flag.weight)
        .outerjoin(User, User.id == Flag.flagger_id)
        .where(Flag.case_id.in_(ids))
        .order_by(Flag.id)
    )
    return [RaisedFlag(*row) for row in found]


def _approvals(session: Session, rows: Sequence[Row]) -> dict[int, frozenset[int]]:
    found: dict[int, frozenset[int]] = {}
    for case_id, actor_id in session.execute(
        select(Entry.case_id, Entry.actor_id)
        .where(Entry.case_id.in_([row.case.id for row in rows]), Entry.deed == Deed.APPROVED)
        .distinct()
    ):
        if case_id is not None and actor_id is not None:
            found[case_id] = found.get(case_id, frozenset()) | {actor_id}
    return found


def _pasts(session: Session, actor: Actor, rows: Sequence[Row]) -> list[Past]:
    found = session.execute(
        select(Case.id, Case.contribution_id, Case.origin, Case.state, Case.decided_at, Case.message)
        .where(access.cases_of(actor), Case.contribution_id.in_({row.case.contribution_id for row in rows}))
        .order_by(Case.id.desc())
    )
    return [Past(*row) for row in found]


def _name_of(session: Session, actor: Actor, user_id: int) -> str | None:
    known = exists().where(Case.author_id == user_id, access.cases_of(actor))
    return session.scalar(
        select(User.name).where(User.id == user_id, User.tenant_id == actor.tenant_id, known)
    )

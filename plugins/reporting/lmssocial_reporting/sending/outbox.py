"""Putting statements where they wait to be sent, in the transaction in which their evidence came or went.

Nothing waits for a receiver that is not set. Evidence that goes again takes a waiting statement along; one that was
sent is voided (xAPI). Caliper has no word for that, so an event that was sent to such an endpoint stays there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from lmssocial.plugin import LmsRole, now
from lmssocial.plugin_data import address_of, enrolled
from lmssocial_reporting.models import FollowedCourse
from lmssocial_reporting.sending import caliper, xapi
from lmssocial_reporting.sending.models import Outgoing
from lmssocial_reporting.sending.pseudonyms import pseudonyms
from lmssocial_reporting.sending.standing import Where, voiding_id
from lmssocial_reporting.settings import Settings
from lmssocial_reporting.store.port import Changed, Evidence

XAPI, CALIPER = "xapi", "caliper"
WAITING, SENT, REFUSED, VOIDED = "waiting", "sent", "refused", "voided"
_CHUNK = 400
"""Names in one IN; SQLite takes some thousands of parameters."""


@dataclass(frozen=True)
class _Known:
    """What became of earlier statements of the same evidence."""

    turns: int
    """How often it was voided."""
    live: bool
    """Whether one of them waits or counts."""


def heard(session: Session, settings: Settings, course: FollowedCourse, changed: Changed) -> None:
    """What :mod:`lmssocial_reporting.evidence.listeners` calls: :func:`told`, with the address we are at."""
    told(session, settings, address_of("/"), course, changed)


def told(session: Session, settings: Settings, home: str, course: FollowedCourse, changed: Changed) -> None:
    """Let what came wait, and take back what went.

    :param home: the address of the tool; without one nothing can be named, so nothing waits.
    """
    standards = [name for name, url in ((XAPI, settings.lrs_url), (CALIPER, settings.caliper_url)) if url]
    if not home or not (changed.added or changed.gone):
        return
    where = Where(
        home=home.rstrip("/"),
        tenant_id=course.tenant_id,
        course_id=course.course_id,
        pseudonyms=pseudonyms(session, course.tenant_id),
        definition=course.definition,
    )
    _take_back(session, where, changed.gone, voids=XAPI in standards)
    for standard in standards:
        _let_wait(session, where, standard, changed.added)


def forget(session: Session, home: str, member: int) -> None:
    """Take back everything of somebody who is erased: what waits is deleted, what was sent is voided."""
    session.execute(
        delete(Outgoing)
        .where(Outgoing.member == member, Outgoing.state.in_((WAITING, REFUSED)))
        .execution_options(synchronize_session=False)
    )
    for row in session.scalars(
        select(Outgoing).where(Outgoing.member == member, Outgoing.state == SENT, Outgoing.standard == XAPI)
    ).all():
        row.state = VOIDED
        session.add(_voiding(home.rstrip("/"), row))
    session.flush()
    session.execute(
        update(Outgoing)
        .where(Outgoing.member == member)
        .values(member=0)
        .execution_options(synchronize_session=False)
    )


def _let_wait(session: Session, where: Where, standard: str, pieces: Sequence[Evidence]) -> None:
    keys = {where.key(piece): piece for piece in pieces if piece.member}
    known = _known(session, where.tenant_id, standard, list(keys))
    roles = _roles(session, where.course_id) if standard == CALIPER and keys else {}
    at, rows = now(), []
    for key, piece in keys.items():
        before = known.get(key, _Known(0, live=False))
        if before.live:
            continue
        statement_id = where.statement_id(piece, standard, before.turns)
        rows.append(
            {
                "tenant_id": where.tenant_id,
                "standard": standard,
                "statement_id": statement_id,
                "evidence": key,
                "member": piece.member,
                "state": WAITING,
                "body": _body(piece, where, standard, statement_id, roles),
                "why": "",
                "at": at,
            }
        )
    if rows:
        session.execute(insert(Outgoing), rows)


def _body(
    piece: Evidence, where: Where, standard: str, statement_id: str, roles: Mapping[int, LmsRole]
) -> dict[str, Any]:
    if standard == XAPI:
        return xapi.statement(piece, where, statement_id)
    return caliper.event(piece, where, statement_id, roles.get(piece.member, LmsRole.LEARNER))


def _take_back(session: Session, where: Where, pieces: Sequence[Evidence], *, voids: bool) -> None:
    keys = [where.key(piece) for piece in pieces]
    for some in _chunks(keys):
        mine = (Outgoing.tenant_id == where.tenant_id, Outgoing.evidence.in_(some))
        session.execute(delete(Outgoing).where(*mine, Outgoing.state.in_((WAITING, REFUSED))))
        if voids:
            sent = session.scalars(
                select(Outgoing).where(*mine, Outgoing.state == SENT, Outgoing.standard == XAPI)
            ).all()
            for row in sent:
                row.state = VOIDED
                session.add(_voiding(where.home, row))
    session.flush()


def _voiding(home: str, row: Outgoing) -> Outgoing:
    statement_id = voiding_id(row.statement_id)
    return Outgoing(
        tenant_id=row.tenant_id,
        standard=XAPI,
        statement_id=statement_id,
        evidence="",
        member=0,
        state=WAITING,
        body=xapi.voiding(home, statement_id, row.statement_id),
        why="",
        at=now(),
    )


def _known(session: Session, tenant_id: int, standard: str, keys: Sequence[str]) -> dict[str, _Known]:
    found: dict[str, _Known] = {}
    for some in _chunks(keys):
        rows = session.execute(
            select(Outgoing.evidence, Outgoing.state, func.count())
            .where(
                Outgoing.tenant_id == tenant_id,
                Outgoing.standard == standard,
                Outgoing.evidence.in_(some),
            )
            .group_by(Outgoing.evidence, Outgoing.state)
        )
        for key, state, count in rows:
            before = found.get(key, _Known(0, live=False))
            gone = state == VOIDED
            found[key] = _Known(before.turns + count * gone, live=before.live or not gone)
    return found


def _chunks(keys: Sequence[str]) -> list[Sequence[str]]:
    return [keys[begin : begin + _CHUNK] for begin in range(0, len(keys), _CHUNK)]


def _roles(session: Session, course_id: int) -> dict[int, LmsRole]:
    return {person.user_id: person.role for person in enrolled(session, [course_id])}

"""The report's tables in memory, and a clean pass from acts to evidence."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from lmssocial.core.db import make_engine
from lmssocial_reporting.evidence import days
from lmssocial_reporting.evidence.deriving import derive
from lmssocial_reporting.models import Base, EvidenceRow, FollowedCourse
from lmssocial_reporting.store.port import Act, Evidence
from lmssocial_reporting.store.rows import evidence_of
from lmssocial_reporting.store.sql import SqlStore


@cache
def _engine() -> Engine:
    engine = make_engine("sqlite://")
    Base.metadata.create_all(engine)
    return engine


@contextmanager
def tables(*course_ids: int) -> Iterator[Session]:
    """The tables with these courses in them, whose communities are 20 further; empty again when the block ends.

    They are one database, so no two blocks may be open at once.
    """
    with _engine().connect() as connection, connection.begin() as outer, Session(connection) as session:
        for course_id in course_ids:
            row = FollowedCourse(course_id=course_id, tenant_id=1, community_id=course_id + 20)
            row.zone, row.definition = "UTC", "roles/1"
            session.add(row)
        session.flush()
        yield session
        outer.rollback()


def derive_marked(session: Session, *course_ids: int, at_most: int = 10_000) -> None:
    """Derive the days of courses that are marked."""
    for course_id in course_ids:
        for _ in range(at_most):
            day = days.take(session, course_id)
            if day is None:
                break
            derive(session, SqlStore(session), course_id, day)


def all_evidence(session: Session) -> list[Evidence]:
    """All there is, of whomever, in order."""
    return sorted(map(evidence_of, session.execute(select(*EvidenceRow.__table__.columns))))


def clean_pass(acts: Iterable[Act]) -> list[Evidence]:
    """What some acts are evidence of, if all of them are there before the first day is derived."""
    known = list(acts)
    courses = sorted({act.course_id for act in known})
    with tables(*courses) as session:
        SqlStore(session).add_acts(known)
        days.note_carried(session, known)
        days.mark(session, {(act.course_id, act.day) for act in known})
        derive_marked(session, *courses)
        return all_evidence(session)

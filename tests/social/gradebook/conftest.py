"""A course whose LMS takes grades, over real HTTP."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from lmssocial.lms.lti.services.calling import Caller
from tests.fakes.grade_service import GradeService, grade_service
from tests.support.grades import Gradebook, caller_of, open_gradebook


@pytest.fixture
def lms() -> Iterator[GradeService]:
    """The LMS's grade service."""
    with grade_service() as service:
        yield service


@pytest.fixture
def sessions(engine: Engine) -> sessionmaker[Session]:
    """Sessions that may commit."""
    return sessionmaker(engine)


@pytest.fixture
def caller(sessions: sessionmaker[Session]) -> Caller:
    """Who calls the LMS."""
    return caller_of(sessions)


@pytest.fixture
def book(sessions: sessionmaker[Session], caller: Caller, lms: GradeService) -> Gradebook:
    """A placement with a column, in a course whose launches named the service."""
    return open_gradebook(sessions, caller, lms)


@pytest.fixture
def beside(sessions: sessionmaker[Session], caller: Caller) -> Callable[[GradeService], Gradebook]:
    """One more customer with an LMS of their own."""
    return lambda service: open_gradebook(sessions, caller, service)

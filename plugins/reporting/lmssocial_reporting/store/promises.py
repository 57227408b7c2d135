"""What the site's own database remembers of days whose evidence stands in a store that has no transactions.

What was told of a day is committed here; the evidence counts there a moment later. In between lies a promise, which
whoever derives the day next makes good first. Otherwise they would compare it with what it had been before, find
nothing new in what was undone meanwhile, and a row that arrives late would count after all.
"""

from collections.abc import Callable, Sequence
from datetime import date

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from lmssocial_reporting.models import Promised
from lmssocial_reporting.store.committing import once_committed


class Promises:
    """In the transaction of a session; never commits."""

    def __init__(self, session: Session) -> None:
        """:param session: in whose transaction days are derived."""
        self._session = session

    def made(self, course_id: int, day: date) -> int:
        """The generation of a day that has to count; 0 if there is none."""
        found = self._session.scalar(
            select(Promised.generation).where(Promised.course_id == course_id, Promised.day == day)
        )
        return found or 0

    def make(self, course_id: int, day: date, generation: int, keep: Callable[[], None]) -> None:
        """Promise that a generation counts; ``keep`` lets it, as soon as the transaction is committed."""
        self.keep(course_id, day)
        self._session.add(Promised(course_id=course_id, day=day, generation=generation))
        self._session.flush()
        once_committed(self._session, keep)

    def keep(self, course_id: int, day: date) -> None:
        """Forget the promise of a day: it was made good."""
        self._session.execute(delete(Promised).where(Promised.course_id == course_id, Promised.day == day))

    def forget_course(self, course_id: int) -> None:
        """Forget all promises of a course, of which nothing is left."""
        self._session.execute(delete(Promised).where(Promised.course_id == course_id))

    def generations(self) -> Sequence[int]:
        """All that are promised: nothing of them may be swept away."""
        return self._session.scalars(select(Promised.generation).order_by(Promised.generation)).all()

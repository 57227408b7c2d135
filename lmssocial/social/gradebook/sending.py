"""Sending what is due: one turn after the other, each for one platform, several platforms at a time.

What holds, exactly. The final state in the LMS is the last grade here, whatever is lost, doubled, overtaken or killed
on the way: a score is claimed (:mod:`.claiming`) before it is sent and only counts as sent if it was not changed
meanwhile, and each attempt carries a later stamp than the one before. No transaction is open while the LMS is waited
for. A platform that is slow or down keeps one of the lanes busy for one turn and delays nobody else.
"""

import time
from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextvars import copy_context
from dataclasses import dataclass, field

import structlog
from sqlalchemy.orm import Session, sessionmaker

from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel.errors import NotFound
from lmssocial.lms.identity.endpoints import endpoint_of
from lmssocial.lms.lti.services import grades
from lmssocial.lms.lti.services.calling import Caller, Endpoint
from lmssocial.lms.lti.services.grades import ScorePayload
from lmssocial.lms.lti.services.trouble import Kind, ServiceTrouble
from lmssocial.social.gradebook import claiming
from lmssocial.social.gradebook.claiming import Claimed, Result
from lmssocial.social.gradebook.line_items import LineItems
from lmssocial.social.gradebook.rulings import NoColumn, Ruling, Trouble, rule
from lmssocial.social.gradebook.service import ActivityProgress, GradingProgress, is_awaited

log = structlog.get_logger(__name__)

LANES = 8
"""Platforms that are spoken with at a time."""
TURN = 25
"""Scores of one turn; then the next platform has one."""
TURN_SECONDS = 45.0
"""How long a turn may take before what is left of it is given back. With the calls that are under way by then it is
well below :data:`.claiming.CLAIM`."""
ROUND_SECONDS = 60.0
"""After this no new turn begins, so that the worker can be stopped."""
IN_A_ROW = 3
"""So many errors of a platform's own, one after the other, and it is left alone until the next round."""


@dataclass(frozen=True)
class _Turn:
    """What became of one turn."""

    registration_id: int
    sent: int
    goes_on: bool
    """Whether there may be more, and the platform is well."""


def send_due(make_session: sessionmaker[Session], caller: Caller) -> int:
    """Send what is due; says how many scores arrived. Safe to run in several processes at a time."""
    with make_session() as session:
        waiting = claiming.due_registrations(session)
    if not waiting:
        return 0
    sent, until = 0, time.monotonic() + ROUND_SECONDS
    with ThreadPoolExecutor(min(LANES, len(waiting)), thread_name_prefix="grades") as lanes:

        def begin(registration_id: int) -> Future[_Turn]:
            return lanes.submit(copy_context().run, _turn, make_session, caller, registration_id)

        under_way = {begin(registration_id) for registration_id in waiting}
        while under_way:
            over, under_way = wait(under_way, return_when=FIRST_COMPLETED)
            for turn in (one.result() for one in over):
                sent += turn.sent
                if turn.goes_on and time.monotonic() < until:
                    under_way.add(begin(turn.registration_id))
    return sent


def _turn(make_session: sessionmaker[Session], caller: Caller, registration_id: int) -> _Turn:
    """Send some scores to one platform; its troubles are its own."""
    try:
        return _Sender(make_session, caller, registration_id).take_turn()
    except Exception:
        log.exception("the grades of a platform were not sent", registration_id=registration_id)
        return _Turn(registration_id, 0, goes_on=False)


@dataclass
class _Sender:
    make_session: sessionmaker[Session]
    caller: Caller
    registration_id: int
    columns: dict[int, str | NoColumn] = field(default_factory=dict)
    """Where the line items are that were looked for in this turn."""

    def take_turn(self) -> _Turn:
        """Claim some scores, send them, and write down what became of them."""
        with self.make_session() as session, unit_of_work(session):
            try:
                endpoint = endpoint_of(session, self.registration_id)
            except NotFound:
                return _Turn(self.registration_id, 0, goes_on=False)  # it was switched off just now
            claimed = claiming.claim(session, self.registration_id, endpoint.profile, TURN)
        results: list[Result] = []
        is_ill = True
        try:
            is_ill = self._send_all(endpoint, claimed, results)
        except Exception:
            log.exception("a turn of grades broke off", registration_id=self.registration_id)
        untried = claimed[len(results) :]
        self._note([*results, *(Result(claimed=one) for one in untried)])
        sent = sum(bool(result.sent_to) for result in results)
        goes_on = not is_ill and (len(claimed) == TURN or bool(untried))
        return _Turn(self.registration_id, sent, goes_on=goes_on)

    def _send_all(self, endpoint: Endpoint, claimed: Sequence[Claimed], results: list[Result]) -> bool:
        """Send until all are sent, time is up, or the platform proves to be ill; whether it did."""
        until, in_a_row = time.monotonic() + TURN_SECONDS, 0
        for one in claimed:
            result = self._send(endpoint, one)
            results.append(result)
            trouble = None if result.ruling is None else result.ruling.trouble
            in_a_row = in_a_row + 1 if trouble is Trouble.AWAY else 0
            if in_a_row >= IN_A_ROW or (result.ruling is not None and result.ruling.stops):
                return True
            if time.monotonic() > until:
                break
        return False

    def _note(self, results: Sequence[Result]) -> None:
        """Write it down in one transaction, and for rows that somebody holds just now in one of their own."""
        if not results:
            return
        with self.make_session() as session, unit_of_work(session):
            left = claiming.note(session, results, waits=False)
        for result in left:
            with self.make_session() as session, unit_of_work(session):
                claiming.note(session, [result], waits=True)

    def _send(self, endpoint: Endpoint, one: Claimed) -> Result:
        """Send one score; to another line item if the one we know is lost."""
        items = LineItems(self.make_session, self.caller, endpoint)
        try:
            url = self._where(items, one.column_id)
            try:
                grades.send_score(self.caller, endpoint, url, payload_of(one))
            except ServiceTrouble as trouble:
                if trouble.kind is not Kind.NOT_FOUND or not items.is_lost(url):
                    raise
                url = self._where(items, one.column_id, lost=url)
                grades.send_score(self.caller, endpoint, url, payload_of(one))
        except ValueError as problem:  # no score that could be sent: points without a maximum
            refused = Ruling(trouble=Trouble.REFUSED, wait=None, status=None, says=str(problem))
            return Result(claimed=one, ruling=refused)
        except (ServiceTrouble, NoColumn) as problem:
            ruling = rule(problem, attempts=one.attempts, stale_before=one.stale_before)
            log.info(
                "a grade was not taken",
                registration_id=self.registration_id,
                score_id=one.score_id,
                trouble=ruling.trouble.value,
                status=ruling.status,
            )
            return Result(claimed=one, ruling=ruling)
        return Result(claimed=one, sent_to=url)

    def _where(self, items: LineItems, column_id: int, *, lost: str = "") -> str:
        """The line item of a column; looked for once in a turn, whatever came of it."""
        known = self.columns.get(column_id)
        if known is None or known == lost:
            try:
                known = items.find(column_id, lost=lost)
            except NoColumn as problem:
                known = problem
            self.columns[column_id] = known
        if isinstance(known, NoColumn):
            raise known
        return known


def payload_of(one: Claimed) -> ScorePayload:
    """What is sent. A grade that was taken back goes as one that nobody has begun to give.

    Without ``scoreGiven`` there is no grade (AGS 2.0 §3.4.5). The grading progress says so, too: Moodle erases what
    was there at anything but ``FullyGraded``, and others keep no number that is not final. That somebody handed in
    and is to be graded goes out as it is: no grade stands there then.
    """
    if one.given is not None:
        return ScorePayload(
            user_sub=one.sub,
            timestamp=one.stamp,
            activity_progress=one.activity_progress,
            grading_progress=one.grading_progress,
            given=one.given,
            maximum=one.maximum,
            comment=one.comment,
            submitted_at=one.submitted_at,
        )
    awaited = is_awaited(one.grading_progress)
    return ScorePayload(
        user_sub=one.sub,
        timestamp=one.stamp,
        activity_progress=one.activity_progress if awaited else ActivityProgress.INITIALIZED,
        grading_progress=one.grading_progress if awaited else GradingProgress.NOT_READY,
        given=None,
        maximum=None,
        comment="",
        submitted_at=one.submitted_at if awaited else None,
    )

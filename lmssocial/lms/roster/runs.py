"""The worker's job: reads rosters that are due, page by page.

What holds, exactly. A page is fetched while no transaction is open. What it says, and where the run goes on, is
committed together. So a worker that dies anywhere has either done a page or not begun it, and whoever comes next goes
on there. Two workers never apply one page: whoever claimed a run last does (:mod:`lmssocial.lms.roster.claiming`).
A page that does not come is asked for again, at longer and longer intervals, for a day. Nobody is put out of a course
but at the end of a run that read all of its members.
"""

from dataclasses import dataclass, field

import structlog
from sqlalchemy.orm import Session, sessionmaker

from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel import clock
from lmssocial.lms.lti.services.calling import Caller
from lmssocial.lms.lti.services.groups import CourseGroup, fetch_groups
from lmssocial.lms.lti.services.roster import RosterPage, fetch_page
from lmssocial.lms.lti.services.trouble import ServiceTrouble, unreadable
from lmssocial.lms.roster import claiming, ending, patience
from lmssocial.lms.roster.applying import Applied, apply_members
from lmssocial.lms.roster.claiming import Claimed
from lmssocial.lms.roster.models import RosterRun, RosterSource
from lmssocial.lms.roster.ports import Hooks, NamedGroup

log = structlog.get_logger(__name__)

AT_MOST = 1000
"""Pages of one round, so that a worker that is asked to stop gets to it."""
MOST_PAGES = 5000
"""Pages of one run; nobody has more."""


@dataclass(frozen=True, kw_only=True)
class _Fetched:
    """What the platform answered: a page, or at the end its groups; or what went wrong."""

    page: RosterPage | None = None
    groups: list[CourseGroup] = field(default_factory=list)
    has_groups: bool = False
    trouble: ServiceTrouble | None = None


def read_due(make_session: sessionmaker[Session], caller: Caller, hooks: Hooks) -> int:
    """Read what is due now; says how many pages were read.

    :param hooks: whom to tell what was learnt about groups.
    """
    pages = 0
    for _turn in range(AT_MOST):
        with make_session() as session, unit_of_work(session):
            claimed = claiming.claim(session)
            if claimed is None and claiming.begin_due(session):
                claimed = claiming.claim(session)
        if claimed is None:
            break
        fetched = _fetch(caller, claimed)
        with make_session() as session, unit_of_work(session):
            pages += _note(session, claimed, fetched, hooks)
    return pages


def _fetch(caller: Caller, claimed: Claimed) -> _Fetched:
    """Ask the platform. No transaction is open."""
    try:
        if claimed.url:
            return _Fetched(page=fetch_page(caller, claimed.endpoint, claimed.url))
        if claimed.groups_url:
            groups = fetch_groups(caller, claimed.endpoint, claimed.groups_url)
            return _Fetched(groups=groups, has_groups=True)
    except ServiceTrouble as trouble:
        return _Fetched(trouble=trouble)
    return _Fetched()


def _note(session: Session, claimed: Claimed, fetched: _Fetched, hooks: Hooks) -> bool:
    """Write down what was answered; whether a page was read. Nothing, if somebody else has taken the run over."""
    run = claiming.still_ours(session, claimed)
    if run is None:
        log.info("roster page came too late", run=claimed.run_id)
        return False
    if fetched.trouble is not None:
        _note_trouble(session, claimed, run, fetched.trouble, hooks)
        return False
    run.attempts, run.last_error = 0, ""
    if fetched.page is None:
        if fetched.has_groups:
            named = [NamedGroup(id=group.id, name=group.name) for group in fetched.groups]
            hooks.named(session, run.course_id, named)
        ending.complete(session, run, hooks)
        return False
    _apply(session, claimed, run, fetched.page, hooks)
    return True


def _apply(session: Session, claimed: Claimed, run: RosterRun, page: RosterPage, hooks: Hooks) -> None:
    applied = apply_members(session, claimed.where, run, page.members)
    if applied.belongings:
        hooks.belong(session, run.course_id, applied.belongings)
    run.pages += 1
    run.members += applied.present
    run.joined += applied.joined
    run.left += applied.left
    run.next_at = clock.now()
    if page.next_url and _leads_in_a_circle(run, applied):
        ending.fail(session, run, unreadable(None, f"After {run.pages} pages its pages still do not end."))
        return
    run.next_url = page.next_url
    source = session.get_one(RosterSource, run.course_id)
    # The first that is named: it tells of everything since, also of what changed while the run went on.
    source.differences_url = source.differences_url or page.differences_url


def _leads_in_a_circle(run: RosterRun, applied: Applied) -> bool:
    """Whether a platform names pages for ever: one on which everybody was named before, and yet another after it."""
    knows_all = run.is_full and applied.present > 0 and applied.fresh == 0
    return knows_all or run.pages >= MOST_PAGES


def _note_trouble(
    session: Session, claimed: Claimed, run: RosterRun, trouble: ServiceTrouble, hooks: Hooks
) -> None:
    """Wait at this page, or give the run up. Names of groups are no reason to: the roster itself is complete."""
    now = clock.now()
    run.attempts += 1
    run.last_error = ending.worded(trouble) if claimed.url else ending.ABOUT_GROUPS + ending.worded(trouble)
    later = now + patience.pause(trouble, run.attempts)
    over = patience.is_over(trouble, run.attempts, run.began_at, later)
    over |= not run.is_full and not patience.passes(trouble)  # there is another way to know: all members
    log.info("roster page did not come", run=run.id, attempts=run.attempts, trouble=str(trouble), over=over)
    if not claimed.url and (not patience.passes(trouble) or run.attempts >= patience.SURE_AFTER):
        ending.complete(session, run, hooks)
    elif over:
        ending.fail(session, run, trouble)
    else:
        run.next_at = later

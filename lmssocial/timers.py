"""What the worker does by timer: bring the log to its readers, delete what is over, renew what is stale."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from functools import partial

import structlog
from sqlalchemy.orm import Session, sessionmaker

from lmssocial.core.activity import usage
from lmssocial.core.activity.relay import Handler, relay
from lmssocial.core.db import unit_of_work
from lmssocial.core.hooks import Allocator, PluginHost, Ranking, Scoring
from lmssocial.core.jobs import Jobs
from lmssocial.core.outbound import Outbound
from lmssocial.core.storage import Storage
from lmssocial.lms.identity import handover, launches
from lmssocial.lms.identity import notices as platform_notices
from lmssocial.lms.identity import sessions as web_sessions
from lmssocial.lms.identity.subscribing import subscribe_due
from lmssocial.lms.lti import pending
from lmssocial.lms.lti.services.calling import Caller
from lmssocial.lms.roster import runs as rosters
from lmssocial.lms.roster import schedule
from lmssocial.social.communities import lms_groups
from lmssocial.social.content import attachments, writing
from lmssocial.social.gradebook import sending as grades
from lmssocial.social.knowledge.ports import Known
from lmssocial.social.notifications import deliveries, making
from lmssocial.social.notifications import reading as read_notices
from lmssocial.social.notifications.dispatch import Outgoing
from lmssocial.social.notifications.outgoing import write_due
from lmssocial.social.plugin_settings import telling
from lmssocial.social.plugin_settings.timing import Turns, timers_of
from lmssocial.social.search import vocabulary
from lmssocial.widgets.discussion import popularity
from lmssocial.widgets.discussion.importing import service as importing
from lmssocial.widgets.experts.clockwork import tick as questions
from lmssocial.widgets.experts.hours import mailing as invitations
from lmssocial.widgets.experts.hours import tick as office_hours
from lmssocial.widgets.experts.indexing import following as evidence
from lmssocial.widgets.experts.introducing import tick as introductions
from lmssocial.widgets.peer_rating.clockwork.tick import run_due

log = structlog.get_logger(__name__)

SUBSCRIBERS: dict[str, Handler] = {"usage": usage.count, "popularity": popularity.follow}
"""Who reads the activity log, beside the plugins and whoever makes notices."""

NOTIFICATIONS = "notifications"
"""What the maker of notices is called among the readers of the log."""

EVIDENCE = "evidence"
"""What the keeper of the index of answers is called among the readers of the log."""

LOOK = timedelta(seconds=2)
"""How often it is looked whether a timer of a plugin is due; one that failed may be so before its time."""


def register(
    jobs: Jobs,
    sessions: sessionmaker[Session],
    files: Storage,
    host: PluginHost,
    outgoing: Outgoing,
    caller: Caller,
) -> None:
    """Name every job and its period; whoever has the same jobs can ask for them out of turn.

    :param files: where attached files are kept.
    :param host: the plugins, of which some want to be told what happened.
    :param outgoing: who has something to tell people, and what it takes to write to them outside of the LMS.
    :param caller: calls the services of platforms.
    """
    readers = SUBSCRIBERS | {
        NOTIFICATIONS: partial(making.tell, outgoing.registry),
        invitations.READER: partial(invitations.follow, outgoing),
    }
    jobs.every("relay", timedelta(seconds=2), lambda: _tell("relay", relay(sessions, readers)))
    jobs.every(
        "plugins",
        timedelta(seconds=2),
        lambda: _tell("plugins", tell_plugins(sessions, host)),
        in_main_thread=True,  # a plugin that hangs is interrupted there
    )
    jobs.every("sweep", timedelta(minutes=10), lambda: _tell("sweep", sweep(sessions)))
    jobs.every(
        "cook", timedelta(minutes=10), lambda: _tell("cook", _to_the_end(sessions, writing.cook_again))
    )
    jobs.every(
        "vocabulary",
        timedelta(seconds=30),
        lambda: _tell("vocabulary", _to_the_end(sessions, vocabulary.learn)),
    )
    jobs.every("cool", timedelta(hours=1), lambda: _tell("cool", cool(sessions)))
    jobs.every("letters", timedelta(seconds=20), lambda: _tell("letters", write_due(sessions, outgoing)))
    jobs.every(
        "deliver",
        timedelta(seconds=10),
        lambda: _tell("deliver", deliveries.send_due(sessions, outgoing.channels)),
        in_main_thread=True,  # a channel that hangs is interrupted there
    )
    call_platforms(jobs, sessions, caller, outgoing.public_url)
    jobs.every("files", timedelta(hours=1), lambda: _tell("files", sweep_files(sessions, files)))


def move_activities(
    jobs: Jobs,
    sessions: sessionmaker[Session],
    allocators: Mapping[str, Allocator],
    scorings: Mapping[str, Scoring],
) -> None:
    """Name the job that opens, moves and closes activities by their dates."""
    jobs.every(
        "activities",
        timedelta(seconds=20),
        lambda: _tell("activities", run_due(sessions, allocators, scorings)),
        in_main_thread=True,  # one activity after the other, whatever other timers do
    )


def move_questions(
    jobs: Jobs, sessions: sessionmaker[Session], rankings: Mapping[str, Sequence[Ranking]]
) -> None:
    """Name the jobs that invite people to questions, pass these on, and end introductions that came to nothing."""
    jobs.every(
        "questions",
        timedelta(seconds=20),
        lambda: _tell("questions", questions.run_due(sessions, rankings)),
        in_main_thread=True,  # one question after the other, whatever other timers do
    )
    jobs.every(
        "introductions",
        timedelta(minutes=5),
        lambda: _tell("introductions", introductions.run_due(sessions)),
    )


def learn_who_knows(jobs: Jobs, sessions: sessionmaker[Session], known: Sequence[Known]) -> None:
    """Name the job that brings to the index of answers what other widgets know of people.

    :param known: their side of knowledge.
    """
    reader = {EVIDENCE: partial(evidence.follow, known)}
    jobs.every("evidence", timedelta(seconds=5), lambda: _tell("evidence", relay(sessions, reader)))


def keep_office_hours(jobs: Jobs, sessions: sessionmaker[Session]) -> None:
    """Name the job that reminds of meetings, offers places that came free, and closes what nobody is there for."""
    jobs.every(
        "office hours",
        timedelta(seconds=20),
        lambda: _tell("office hours", office_hours.run_due(sessions)),
        in_main_thread=True,  # one booking after the other, whatever other timers do
    )


def run_plugin_timers(
    jobs: Jobs, sessions: sessionmaker[Session], host: PluginHost, outbound: Outbound
) -> None:
    """Name a job for each timer of each plugin.

    :param outbound: how plugins call other people's servers.
    """
    turns = Turns(sessions=sessions, host=host, outbound=outbound, stopping=jobs.stopping)
    for plugin, offered in timers_of(host).items():
        for timer in offered:
            jobs.every(
                f"plugin {plugin} {timer.name}",
                min(timer.every, LOOK),
                partial(turns.take, plugin, timer),
                in_main_thread=True,  # a plugin that hangs is interrupted there
            )


def call_platforms(jobs: Jobs, sessions: sessionmaker[Session], caller: Caller, public_url: str) -> None:
    """Name the jobs that call the services of platforms."""
    jobs.every(
        "subscribe",
        timedelta(seconds=30),
        lambda: _tell("subscribe", subscribe_due(sessions, caller, public_url)),
    )
    jobs.every("grades", timedelta(seconds=5), lambda: _tell("grades", grades.send_due(sessions, caller)))
    jobs.every(
        "rosters",
        timedelta(seconds=5),
        lambda: _tell("rosters", rosters.read_due(sessions, caller, lms_groups.HOOKS)),
    )


def tell_plugins(sessions: sessionmaker[Session], host: PluginHost) -> int:
    """Bring the log to the plugins that read it. Says how many events were handled."""
    with sessions() as session:
        plugins = telling.readers(session, host)
    return relay(sessions, plugins)


def cool(sessions: sessionmaker[Session]) -> int:
    """Let threads that were popular cool by the time that passed. Says how many rounds that took."""
    rounds, after = 0, 0
    while True:
        with sessions() as session, unit_of_work(session):
            after = popularity.cool(session, after)
        rounds += 1
        if not after:
            return rounds


def sweep_files(sessions: sessionmaker[Session], files: Storage) -> int:
    """Delete files that were attached and never sent, or handed in and never decided about. Says how many went."""
    sweeps = (attachments.sweep, importing.sweep)
    return sum(_to_the_end(sessions, partial(some, store=files)) for some in sweeps)


def sweep(sessions: sessionmaker[Session]) -> int:
    """Delete what is over: logins nobody came back from, sign-ins that expired, notices read and mail sent long ago.

    Says how many rows went.
    """
    over = (
        pending.sweep,
        handover.sweep,
        web_sessions.sweep,
        launches.sweep,
        schedule.sweep,
        platform_notices.sweep,
        read_notices.sweep,
        deliveries.sweep,
    )
    return sum(_to_the_end(sessions, some) for some in over)


def _to_the_end(sessions: sessionmaker[Session], do_some: Callable[[Session], int]) -> int:
    """Do some of it in a short transaction, again and again until nothing is left; says how much was done."""
    done = 0
    while True:
        with sessions() as session, unit_of_work(session):
            some = do_some(session)
        if not some:
            return done
        done += some


def _tell(job: str, done: int) -> None:
    if done:
        log.info("job done", job=job, done=done)

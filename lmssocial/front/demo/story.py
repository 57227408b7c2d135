"""Plays the written history through the product's own services, each move at its own time and by its own person.

Nothing is inserted behind the services' backs: people are admitted by launches, texts pass the policies, and the
activity log is what it would have been.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.hooks import Answer, Demo, Level, PluginHost, Stance, Submission
from lmssocial.core.hooks.runner import DirectRunner
from lmssocial.core.kernel import clock
from lmssocial.front.demo.cast import Cast
from lmssocial.front.demo.crowd import read_gatherings
from lmssocial.front.demo.experts_play import ExpertPlay
from lmssocial.front.demo.experts_script import KEY, LINK_ID, ExpertScript
from lmssocial.front.demo.grading import grade_some
from lmssocial.front.demo.peer_play import PeerPlay
from lmssocial.front.demo.peer_script import PeerScript
from lmssocial.front.demo.registrar import WEEK_TWO
from lmssocial.front.demo.script import (
    Move,
    end_of_day,
)
from lmssocial.front.demo.stage import TEACHER, TITLE, Read, Stage
from lmssocial.front.demo.term import from_work
from lmssocial.lms.identity.actor import Actor, Office
from lmssocial.lms.identity.models import Course, Deployment, Registration, ResourceLink
from lmssocial.social.communities import appointments
from lmssocial.social.communities.models import Community, PlacementLink, Tier
from lmssocial.social.moderation.screening import Circle, Screen, screen_with
from lmssocial.social.plugin_settings.service import reach, switch, take_stance
from lmssocial.widgets.discussion.knowing import KnownPosts

INTRO = "Tell the others your alternative in one sentence that begins with a verb, and ask one question about theirs."
POLICY = "linklimit"
"""The moderation policy that is on in the demo; it holds one post of the history."""
PLUGINS = ("reporting",)
"""Plugins that are on in the demo's course, if they are installed."""
STEWARD = "sofia.lind"
OFFICES = {STEWARD: Office.STEWARD, "lars.holm": Office.SME, "mei.ono": Office.SME}
"""Who looks after the community."""


@dataclass(frozen=True, kw_only=True)
class Scripts:
    """Everything that was written down."""

    moves: Sequence[Move]
    """In the discussions, the earliest first."""
    peers: Sequence[PeerScript] = ()
    experts: ExpertScript | None = None


def is_told(session: Session, registration: Registration) -> bool:
    """Whether the history was played into this registration's course already."""
    found = session.scalar(
        select(PlacementLink.placement_id)
        .join(ResourceLink, ResourceLink.id == PlacementLink.resource_link_id)
        .join(Course, Course.id == ResourceLink.course_id)
        .join(Deployment, Deployment.id == Course.deployment_id)
        .where(Deployment.registration_id == registration.id, ResourceLink.resource_link_id == WEEK_TWO)
        .limit(1)
    )
    return found is not None


def tell(
    session: Session,
    host: PluginHost,
    registration: Registration,
    deployment_id: str,
    cast: Cast,
    scripts: Scripts,
) -> None:
    """Admit everybody who took part, place the activities and play what is written.

    People who neither acted nor read are left out: they have not opened the discussion yet.
    """
    now = clock.now()
    reads = [
        Read(end_of_day(person.seen, now), person.key) for person in cast.people if person.seen is not None
    ]
    play = sorted([*scripts.moves, *reads], key=lambda move: move.at)
    stage = Stage(session, registration, deployment_id, cast)
    opening = play[0].at - timedelta(hours=4)
    _let_in(stage, {move.by for move in play}, opening)
    with clock.at(opening):
        _agree(session, stage.actors)
        switch(session, POLICY, on=True, level=Level.TENANT, place_id=registration.tenant_id)
        take_stance(session, POLICY, Stance.ENFORCE, level=Level.TENANT, place_id=registration.tenant_id)
        for plugin in PLUGINS:
            if plugin in host.manifests:
                switch(session, plugin, on=True, level=Level.TENANT, place_id=registration.tenant_id)
        session.flush()  # the next query asks which policies are on
    screen = _screen(session, host, stage.actors[TEACHER])
    for move in play:
        with clock.at(move.at):
            stage.do(screen, move)
    with clock.at(now - timedelta(minutes=20)):
        grade_some(session, stage.actors[TEACHER], list(stage.actors.values()), stage.placements["week-2"])
    for script in scripts.peers:
        with clock.at(script.opens - timedelta(hours=1)):
            stage.enter(cast.person(TEACHER), script.link_id, script.title)
            stage.place(script.key, script.title, "", widget="peer_rating")
        placement_id = stage.placements.pop(script.key)
        PeerPlay(session, screen, script, stage.actors, stage.actors[TEACHER], placement_id).play(now)
    if (expert_script := scripts.experts) is not None:
        with clock.at(expert_script.opened - timedelta(hours=1)):
            stage.enter(cast.person(TEACHER), LINK_ID, expert_script.title)
            stage.place(KEY, expert_script.title, expert_script.intro, widget=KEY)
        _play_experts(session, host, screen, stage, expert_script, now)
    _play_plugins(session, host, stage, now)


def _play_plugins(session: Session, host: PluginHost, stage: Stage, now: datetime) -> None:
    """What plugins add, in the order of their names."""
    session.flush()  # they find what was written so far
    demo = Demo(session=session, people=stage.actors, teacher=TEACHER, now=now, at=clock.at)
    for plugin in sorted(set(PLUGINS) & set(host.implementers("lmssocial_play_demo"))):
        host.call("lmssocial_play_demo", plugin, {"demo": demo})


def _let_in(stage: Stage, active: Collection[str], opening: datetime) -> None:
    """Let everybody enter who takes part, the teacher first, who places the discussions before others come."""
    everybody = [person for person in stage.cast.people if person.key in active]
    everybody.sort(key=lambda person: person.key != TEACHER)
    for minute, person in enumerate(everybody):
        with clock.at(opening + timedelta(minutes=minute)):
            stage.enter(person)
            if person.key == TEACHER:
                stage.place("week-2", TITLE, INTRO)
                for gathering in (from_work(), *read_gatherings()):
                    stage.enter(person, gathering.link_id, gathering.title)
                    stage.place(gathering.key, gathering.title, gathering.intro)


def _play_experts(
    session: Session, host: PluginHost, screen: Screen, stage: Stage, script: ExpertScript, now: datetime
) -> None:
    """What people asked those who know, and how it went."""
    rankings = {answer.plugin: answer.value for answer in host.collect("lmssocial_register_rankings")}
    play = ExpertPlay(
        session=session,
        screen=screen,
        rankings=rankings,
        known=[KnownPosts()],
        script=script,
        actors=stage.actors,
        teacher=stage.actors[TEACHER],
        steward=stage.actors[STEWARD],
        placement_id=stage.placements.pop(KEY),
        homes=stage.placements,
    )
    play.play(now)


def _agree(session: Session, actors: dict[str, Actor]) -> None:
    """The teacher chooses the quality tier and asks people to look after the community."""
    teacher = actors[TEACHER]
    session.get_one(Community, teacher.community_id).tier = Tier.REVIEWED
    for key, office in OFFICES.items():
        appointments.appoint(session, teacher, actors[key].user_id, office)
        actors[key] = replace(actors[key], offices=frozenset({office}))


def _screen(session: Session, host: PluginHost, teacher: Actor) -> Screen:
    """The course's policies, asked in this process: nobody waits, and there is no page to protect."""
    here = reach(session, host, tenant_id=teacher.tenant_id, course_id=teacher.course_id)
    runner = DirectRunner(host)
    policies = tuple(sorted(here.enabled - host.builtin))

    def enrich(submission: Submission) -> Submission:
        return replace(submission, at=clock.now(), tier=Tier.REVIEWED.value)

    def ask(hook: str, names: Sequence[str], facts: Mapping[str, Any]) -> list[Answer]:
        return runner.ask(hook, here, names, facts)

    return screen_with(ask, Circle(here, Tier.REVIEWED, policies), enrich)

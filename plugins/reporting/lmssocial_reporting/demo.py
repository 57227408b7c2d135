"""The report's part in the history of the demo: a target that is in force, and the next one, which is discussed."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any

from sqlalchemy.orm import Session

from lmssocial.plugin import Demo
from lmssocial.plugin_data import Actor, placed
from lmssocial_reporting.definition import Role
from lmssocial_reporting.targets import life
from lmssocial_reporting.targets.values import Band
from lmssocial_reporting.targets.wanted import Asked, Wanted, Whereabouts

STEWARD = "sofia.lind"
FIRST: Mapping[Role, Band] = MappingProxyType(
    {
        Role.CONSUMER: Band(20, 60),
        Role.CREATOR: Band(20, 45),
        Role.CONNECTOR: Band(3, 10),
        Role.CARRIER: Band(3, 10),
        Role.CARETAKER: Band(3, 10),
    }
)
NEXT: Mapping[Role, Band] = MappingProxyType(
    {**FIRST, Role.CARRIER: Band(5, 15), Role.CONNECTOR: Band(5, 15)}
)
PURPOSE = "Nobody here negotiates alone: whoever has a hard Monday ahead finds somebody who has been there."
NEXT_PURPOSE = "Nobody here negotiates alone, and what one of us learnt is found by those who come next."
REMARKS = (
    ("ana.ruiz", "I read far more than I write, and I like that the first line calls that a part, too."),
    ("ben.okoro", "More people who pass things on: yes. Counting posts: please no, we have that at work."),
    (
        "hannah.weiss",
        "Five per cent sounds little. Among two hundred that is ten people who introduce others.",
    ),
    (
        "mei.ono",
        "From my team: it worked once we said what it is for. Keep the sentence, argue about numbers later.",
    ),
)


def play(demo: Demo) -> None:
    """Let the course agree on a target eight weeks ago, and discuss the next one since last week."""
    session: Session = demo.session
    people: Mapping[str, Actor] = demo.people
    teacher = people[demo.teacher]
    steward = people.get(STEWARD, teacher)
    learners = [actor for name, actor in sorted(people.items()) if name not in {demo.teacher, STEWARD}]
    here = Whereabouts(f"course-{teacher.course_id}", placed(session, [teacher.course_id])[0].placement_id)
    begun = demo.now - timedelta(days=63)
    first = _put(demo, steward, here, begun, (PURPOSE, FIRST, 84))
    _vote(demo, first, learners[:58], begun + timedelta(days=2), against=7)
    with demo.at(begun + timedelta(days=6)):
        life.ratify(session, teacher, first, "", _day(begun, 6))
    lately = demo.now - timedelta(days=5)
    following = _put(demo, steward, here, lately, (NEXT_PURPOSE, NEXT, 180), days=12)
    _vote(demo, following, learners[:34], lately + timedelta(days=1), against=9)
    for number, (name, words) in enumerate(REMARKS):
        if name in people:
            with demo.at(lately + timedelta(days=1, hours=5 * number)):
                life.remark(session, people[name], following, words, _day(lately, 1))


def _put(
    demo: Demo, by: Actor, here: Whereabouts, at: datetime, said: tuple[str, Any, int], *, days: int = 5
) -> int:
    """Write a target down and ask the members; its id.

    :param said: purpose, bands, and the days after which it is looked at again.
    """
    purpose, bands, review = said
    with demo.at(at):
        wanted = Wanted(purpose=purpose, speaks_of="learners", bands=bands, review_on=_day(at, review))
        target_id = life.draft(demo.session, by, here, wanted, _day(at))
        life.consult(demo.session, by, target_id, Asked(_day(at, days), (by.course_id,)), _day(at))
    return target_id


def _vote(demo: Demo, target_id: int, voters: Sequence[Actor], at: datetime, *, against: int) -> None:
    """One voter after the other; every so many of them is against it."""
    for number, voter in enumerate(voters):
        with demo.at(at + timedelta(minutes=17 * number)):
            life.vote(demo.session, voter, target_id, agrees=number % against != 3, today=at.date())


def _day(at: datetime, days: int = 0) -> date:
    return at.date() + timedelta(days=days)

"""Whatever a question's state, it is somebody's turn, the clockwork looks again, and what is due comes to an end."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from lmssocial.social.content.models import State as Visible
from lmssocial.widgets.experts.clockwork import plan
from lmssocial.widgets.experts.clockwork.next_step import Owner, Viewer, whose_turn
from lmssocial.widgets.experts.clockwork.plan import Deed, Facts, Waits
from lmssocial.widgets.experts.models import ALIVE, Audience, Level, State, Urgency
from lmssocial.widgets.experts.settings import ExpertSettings

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
WEEK = timedelta(days=7)

moments = st.integers(-30 * 24, 30 * 24).map(lambda hours: MONDAY + timedelta(hours=hours))
waits = st.builds(
    Waits,
    invitation_id=st.integers(1, 9),
    user_id=st.integers(1, 9),
    due_at=moments,
    is_here=st.booleans(),
)
anything = st.builds(
    Facts,
    state=st.sampled_from(State),
    level=st.sampled_from(Level),
    audience=st.sampled_from(Audience),
    urgency=st.sampled_from(Urgency),
    visible=st.sampled_from(Visible),
    counted_from=moments,
    paused_at=st.none() | moments,
    promised_until=st.none() | moments,
    last_answer_at=st.none() | moments,
    asker_here=st.booleans(),
    holder_here=st.none() | st.booleans(),
    waiting=st.lists(waits, max_size=3).map(tuple),
    has_held_answer=st.booleans(),
    invited=st.integers(0, 9),
    tried=st.booleans(),
    next_at=moments,
)
rules = st.builds(
    ExpertSettings,
    open_hours=st.integers(1, 100),
    steward_hours=st.integers(1, 200),
    zone=st.sampled_from(["", "Europe/Vienna", "Nowhere/Land"]),
    days=st.sampled_from(["12345", "", "7"]),
    silence_days=st.integers(1, 30),
)


@given(rules, anything, moments)
@settings(max_examples=200)
def test_every_living_question_is_somebodys_and_is_looked_at_again(
    how: ExpertSettings, facts: Facts, now: datetime
) -> None:
    again = plan.looks_again(how, facts, now)
    for viewer in Viewer:
        turn = whose_turn(how, facts, viewer)
        assert turn.sentence
        assert (turn.owner is Owner.NOBODY) == (facts.state not in ALIVE)
    if facts.state in ALIVE:
        assert again is not None
        assert now < again <= now + plan.AT_LEAST
    else:
        assert again is None
        assert plan.step(how, facts, now) is None


@given(rules, anything, moments)
@settings(max_examples=200)
def test_what_is_due_comes_to_an_end(how: ExpertSettings, facts: Facts, now: datetime) -> None:
    """Whatever the database would say after each step, done once it is not due again, and nothing goes round."""
    done: list[Deed] = []
    while (deed := plan.step(how, facts, now)) is not None:
        assert deed not in done
        done.append(deed)
        facts = after(facts, deed, now)


def after(facts: Facts, deed: Deed, now: datetime) -> Facts:
    """How a question stands after a step, if nobody at all could be found to be invited."""
    here = tuple(one for one in facts.waiting if one.is_here)
    return {
        Deed.WITHDRAW: replace(facts, waiting=here),
        Deed.LOSE: replace(facts, state=State.OPEN, holder_here=None, promised_until=None),
        Deed.RELEASE: replace(facts, state=State.OPEN, holder_here=None, promised_until=None),
        Deed.LAPSE: replace(facts, waiting=tuple(one for one in here if one.due_at > now), tried=True),
        Deed.FILL: replace(facts, tried=True),
        Deed.OPEN: replace(facts, level=Level.EVERYBODY),
        Deed.ESCALATE: replace(facts, level=Level.STEWARDS),
        Deed.RESOLVE: replace(facts, state=State.RESOLVED, paused_at=None),
        Deed.CLOSE: replace(facts, state=State.CLOSED, paused_at=None),
    }[deed]


def test_a_question_gets_further_by_hours_of_working_days() -> None:
    how = ExpertSettings(zone="Europe/Vienna")
    friday = datetime(2026, 3, 6, 11, tzinfo=UTC)  # noon there
    facts = Facts(
        state=State.OPEN,
        level=Level.EXPERTS,
        audience=Audience.EVERYBODY,
        urgency=Urgency.NORMAL,
        visible=Visible.PUBLISHED,
        counted_from=friday,
        waiting=tuple(Waits(invitation_id=n, user_id=n, due_at=friday + WEEK, is_here=True) for n in (1, 2)),
    )
    opens, escalates = plan.opens_at(how, facts), plan.escalates_at(how, facts)
    assert opens == datetime(
        2026, 3, 10, 7, tzinfo=UTC
    )  # Tuesday, at 8 there: midnight is no time to ask people
    assert escalates == datetime(2026, 3, 11, 11, tzinfo=UTC)
    assert plan.step(how, facts, opens - timedelta(seconds=1)) is None
    assert plan.step(how, facts, opens) is Deed.OPEN
    assert plan.step(how, replace(facts, audience=Audience.EXPERTS), opens) is Deed.ESCALATE
    assert plan.step(how, replace(facts, level=Level.EVERYBODY), escalates) is Deed.ESCALATE
    assert plan.step(how, replace(facts, paused_at=friday), opens) is None


@given(rules, anything)
@settings(max_examples=100)
def test_of_an_open_question_people_read_that_its_answer_waits_for_a_moderator(
    how: ExpertSettings, facts: Facts
) -> None:
    facts = replace(facts, state=State.OPEN, visible=Visible.PUBLISHED, paused_at=None, asker_here=True)
    for level in Level:
        held = replace(facts, level=level, has_held_answer=True)
        for viewer in (Viewer.ASKER, Viewer.STEWARD, Viewer.OTHER):
            assert whose_turn(how, held, viewer).owner is Owner.MODERATORS
            assert whose_turn(how, replace(held, has_held_answer=False), viewer).owner is not Owner.MODERATORS

"""What comes next in an activity, who has it, and what staff can do about it: from every state there is something.

Pure. The board shows it; the property tests ask it of every state there can be.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from lmssocial.core.kernel.words import gettext as _
from lmssocial.core.kernel.words import ngettext
from lmssocial.widgets.peer_rating.clockwork import plan
from lmssocial.widgets.peer_rating.clockwork.plan import Facts
from lmssocial.widgets.peer_rating.gates import GRACE
from lmssocial.widgets.peer_rating.models import Phase
from lmssocial.widgets.peer_rating.settings import PeerSettings


class Who(StrEnum):
    """Whose turn it is."""

    STAFF = "staff"
    MODERATORS = "moderators"
    LEARNERS = "learners"
    """Until a date, or as long as staff let them."""
    CLOCK = "clock"
    """It goes on by itself."""
    NOBODY = "nobody"
    """It is over."""


class Way(StrEnum):
    """Something that staff can do about it."""

    SET_UP = "set-up"
    GO_ON = "go-on"
    """Move it on by hand."""
    TAKE_UP = "take-up"
    """Take up again what was called off."""
    EXTEND = "extend"
    """Give everybody, or somebody, another date."""
    REMIND = "remind"
    REVIEW = "review"
    """Review themselves what has too few reviews."""
    DECIDE = "decide"
    """Decide about what waits for a moderator."""
    ANSWER = "answer"
    """Decide about appeals."""
    SCORING = "scoring"
    """Choose another scoring."""
    RELEASE = "release"
    CANCEL = "cancel"


@dataclass(frozen=True, kw_only=True)
class NextStep:
    """What comes next."""

    who: Who
    says: str
    """In one or two sentences."""
    at: datetime | None = None
    """When it goes on by itself, at the latest; ``None``: not by itself."""
    ways: tuple[Way, ...] = ()
    """The most helpful first."""

    @property
    def blocks(self) -> bool:
        """Whether it waits for staff or moderators alone."""
        return self.who in {Who.STAFF, Who.MODERATORS}


def next_step(settings: PeerSettings, facts: Facts, now: datetime) -> NextStep:
    """What comes next, seen at ``now``."""
    return {
        Phase.DRAFT: _draft,
        Phase.PUBLISHED: _published,
        Phase.SUBMIT: _submit,
        Phase.REVIEW: _review,
        Phase.FEEDBACK: _feedback,
        Phase.EVALUATE: _evaluate,
        Phase.RELEASED: _released,
        Phase.CLOSED: _closed,
        Phase.ARCHIVED: _archived,
        Phase.CANCELLED: _cancelled,
    }[facts.phase](settings, facts, now)


def _draft(_settings: PeerSettings, _facts: Facts, _now: datetime) -> NextStep:
    return NextStep(
        who=Who.STAFF,
        says=_("It is not open yet. Say what people hand in and by what it is reviewed, then open it."),
        ways=(Way.SET_UP,),
    )


def _published(settings: PeerSettings, _facts: Facts, now: datetime) -> NextStep:
    return NextStep(
        who=Who.CLOCK,
        says=_("It opens by itself on its day."),
        at=settings.opens_at or now,
        ways=(Way.GO_ON, Way.EXTEND, Way.CANCEL),
    )


def _submit(settings: PeerSettings, facts: Facts, now: datetime) -> NextStep:
    due = settings.submit_due_at
    if plan.lacks_works(settings, facts, now):
        return _too_few(settings, facts)
    if due is None:
        go_on = (Way.GO_ON,) if facts.works else ()
        return NextStep(
            who=Who.LEARNERS,
            says=_("People hand in. There is no date for it, so you say when reviewing begins."),
            ways=(*go_on, Way.EXTEND, Way.REMIND, Way.CANCEL),
        )
    if plan.is_over(due, now):
        return NextStep(who=Who.CLOCK, says=_("Reviewing begins by itself within minutes."), at=now)
    return NextStep(
        who=Who.LEARNERS,
        says=_("People hand in. Reviewing begins by itself when the date is over."),
        at=due + GRACE,
        ways=(Way.REMIND, Way.EXTEND, *((Way.GO_ON,) if facts.works else ()), Way.CANCEL),
    )


def _too_few(settings: PeerSettings, facts: Facts) -> NextStep:
    needed = plan.enough_works(settings)
    if facts.held:
        return NextStep(
            who=Who.MODERATORS,
            says=_(
                "The date is over. Work that was handed in waits for a moderator, and reviewing waits for it."
            ),
            ways=(Way.DECIDE, Way.EXTEND, Way.CANCEL),
        )
    if not facts.works:
        return NextStep(
            who=Who.STAFF,
            says=_("The date is over and nobody has handed in. Give people more time, or call it off."),
            ways=(Way.EXTEND, Way.REMIND, Way.CANCEL),
        )
    says = ngettext(
        "The date is over and one work is there; reviewing among peers takes %(needed)d. Give people more time, "
        "begin anyway and review it yourself, or call it off.",
        "The date is over and %(num)s works are there; reviewing among peers takes %(needed)d. Give people more "
        "time, begin anyway and review what is missing yourself, or call it off.",
        facts.works,
        needed=needed,
    )
    return NextStep(who=Who.STAFF, says=says, ways=(Way.EXTEND, Way.REMIND, Way.GO_ON, Way.CANCEL))


def _review(settings: PeerSettings, facts: Facts, now: datetime) -> NextStep:
    ends = plan.review_ends(settings, facts)
    ways = (Way.REMIND, Way.EXTEND, *((Way.REVIEW,) if facts.missing else ()), Way.GO_ON, Way.CANCEL)
    if ends is None:
        says = _("People review. There is no date for it, so you say when it is over.")
        return NextStep(
            who=Who.LEARNERS, says=says, ways=(Way.GO_ON, *(way for way in ways if way is not Way.GO_ON))
        )
    if plan.is_over(ends, now):
        return NextStep(who=Who.CLOCK, says=_("Reviewing ends by itself within minutes."), at=now, ways=ways)
    return NextStep(
        who=Who.LEARNERS,
        says=_("People review. It goes on by itself when the date is over."),
        at=ends + GRACE,
        ways=ways,
    )


def _feedback(settings: PeerSettings, facts: Facts, now: datetime) -> NextStep:
    due = settings.feedback_due_at
    ways = (*((Way.REVIEW,) if facts.missing else ()), Way.GO_ON, Way.EXTEND, Way.REMIND, Way.CANCEL)
    if due is None or plan.is_over(due, now):
        return NextStep(who=Who.CLOCK, says=_("It goes on by itself within minutes."), at=now, ways=ways)
    return NextStep(
        who=Who.LEARNERS,
        says=_("Authors read their reviews and answer. It goes on by itself when the date is over."),
        at=due + GRACE,
        ways=ways,
    )


def _evaluate(settings: PeerSettings, facts: Facts, now: datetime) -> NextStep:
    if facts.works == 0:
        says = _("There is no work to score. Let people hand in again, or call it off.")
        return NextStep(who=Who.STAFF, says=says, ways=(Way.EXTEND, Way.CANCEL))
    if facts.trouble:
        says = _(
            "Scores could not be worked out. Choose another way of scoring in the settings; nothing is lost."
        )
        return NextStep(who=Who.STAFF, says=says, ways=(Way.SCORING, Way.REVIEW, Way.EXTEND, Way.CANCEL))
    if facts.missing:
        says = ngettext(
            "One work has fewer reviews than a score takes. Review it yourself, or let people go on reviewing.",
            "%(num)s works have fewer reviews than a score takes. Review them yourself, or let people go on reviewing.",
            facts.missing,
        )
        return NextStep(who=Who.STAFF, says=says, ways=(Way.REVIEW, Way.EXTEND, Way.RELEASE, Way.CANCEL))
    if facts.held:
        says = ngettext(
            "One text waits for a moderator, and may change a score.",
            "%(num)s texts wait for a moderator, and may change scores.",
            facts.held,
        )
        return NextStep(who=Who.MODERATORS, says=says, ways=(Way.DECIDE, Way.RELEASE, Way.CANCEL))
    return _scores(settings, facts, now)


def _scores(settings: PeerSettings, facts: Facts, now: datetime) -> NextStep:
    """Nothing is missing: what keeps scores from being released."""
    if facts.undecided:
        return NextStep(who=Who.STAFF, says=_says_appeals(facts), ways=(Way.ANSWER, Way.RELEASE, Way.CANCEL))
    if facts.stale:
        says = _("Scores are being worked out, which takes a few minutes.")
        return NextStep(
            who=Who.CLOCK, says=says, at=now + plan.RECHECK, ways=(Way.RELEASE, Way.EXTEND, Way.CANCEL)
        )
    by_itself = settings.release_by_itself and facts.by_itself
    until = max((one for one in (facts.submit_until, facts.review_until) if one is not None), default=None)
    if until is not None and not plan.is_over(until, now):
        says = _("Somebody still has time to review.")
        return NextStep(
            who=Who.LEARNERS if by_itself else Who.STAFF,
            says=says if by_itself else says + " " + _("You can wait for them, or release the scores now."),
            at=until + GRACE if by_itself else None,
            ways=(Way.RELEASE, Way.EXTEND, Way.CANCEL),
        )
    if by_itself:
        says = _("Scores are released by themselves within minutes.")
        return NextStep(who=Who.CLOCK, says=says, at=now, ways=(Way.RELEASE, Way.EXTEND, Way.CANCEL))
    says = _("Scores are ready. Look at them, then release them.")
    return NextStep(who=Who.STAFF, says=says, ways=(Way.RELEASE, Way.EXTEND, Way.CANCEL))


def _says_appeals(facts: Facts) -> str:
    return ngettext("One appeal waits for an answer.", "%(num)s appeals wait for an answer.", facts.undecided)


def _released(settings: PeerSettings, facts: Facts, now: datetime) -> NextStep:
    ends = plan.appeals_end(settings, facts)
    if facts.undecided:
        says = _says_appeals(facts) + " " + _("The activity closes when all are decided.")
        return NextStep(who=Who.STAFF, says=says, ways=(Way.ANSWER,))
    if plan.is_over(ends, now):
        return NextStep(
            who=Who.CLOCK, says=_("It closes by itself within minutes."), at=now, ways=(Way.GO_ON,)
        )
    return NextStep(
        who=Who.LEARNERS,
        says=_("Scores are released, and authors may appeal. It closes by itself when that time is over."),
        at=ends + GRACE,
        ways=(Way.GO_ON,),
    )


def _closed(_settings: PeerSettings, facts: Facts, _now: datetime) -> NextStep:
    return NextStep(
        who=Who.NOBODY,
        says=_(
            "Everything is decided. Half a year later it is archived, and what was never sent is deleted."
        ),
        at=facts.since + plan.KEPT,
    )


def _archived(_settings: PeerSettings, _facts: Facts, _now: datetime) -> NextStep:
    return NextStep(who=Who.NOBODY, says=_("It is archived. Works, reviews and scores can still be read."))


def _cancelled(_settings: PeerSettings, _facts: Facts, _now: datetime) -> NextStep:
    return NextStep(
        who=Who.NOBODY,
        says=_("It was called off. You can take it up again where it was."),
        ways=(Way.TAKE_UP,),
    )

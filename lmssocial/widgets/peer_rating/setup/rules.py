"""What settings have to fulfil, and which of them have to stay as they are. Pure: values in, sentences out."""

from dataclasses import dataclass
from datetime import datetime

from lmssocial.core.hooks.rating import GroupScope
from lmssocial.core.kernel.words import gettext as _
from lmssocial.widgets.peer_rating.gates import OVER, SCORED
from lmssocial.widgets.peer_rating.models import Phase
from lmssocial.widgets.peer_rating.settings import Calibration, Identity, Mode, PeerSettings, Reveal

LEAST_REASON = 20
"""Characters that say why names are hidden."""

SCORES_REST_ON = frozenset(
    {
        "late",
        "late_percent",
        "groups",
        "wanted",
        "least",
        "asked",
        "needs_own",
        "comparisons",
        "scoring",
        "points",
        "reviewing",
        "reviewing_points",
    }
)
"""Settings by which another score, or another grade, would come out."""
DATES = ("opens_at", "submit_due_at", "review_due_at", "feedback_due_at")
"""In the order in which they have to come."""


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How far an activity is, as far as that binds its settings."""

    phase: Phase
    handed_in: bool = False
    """Whether there is any work."""
    reviewed: bool = False
    """Whether anybody was given something to review, compare or try by the rubric."""
    examples: int = 0
    """Those in use."""

    @property
    def is_draft(self) -> bool:
        """Whether learners cannot begin yet."""
        return self.phase is Phase.DRAFT


def fixed(standing: Standing) -> dict[str, str]:
    """The settings that have to stay as they are, each with a sentence that says why."""
    why: dict[str, str] = {}
    if standing.phase not in {Phase.DRAFT, Phase.PUBLISHED}:
        why["opens_at"] = _("It has opened, so this does not change any more.")
    if standing.handed_in:
        why["teams"] = _("Work has been handed in this way, so this does not change any more.")
    if standing.reviewed:
        begun = _("Reviewing has begun this way, so this does not change any more.")
        why |= {"mode": begun, "rubric": begun}
    if standing.phase in SCORED:
        released = _("Scores that rest on this are released. Take the release back before you change it.")
        why |= dict.fromkeys(SCORES_REST_ON, released)
    if standing.phase in OVER:
        over = _("The activity is over, so this does not change any more.")
        why |= dict.fromkeys(PeerSettings.__dataclass_fields__, over)
    return why


def problems(
    before: PeerSettings, after: PeerSettings, standing: Standing, *, opening: bool, now: datetime
) -> dict[str, str]:
    """What keeps ``after`` from being saved, by the name of the setting; empty if nothing does.

    :param opening: whether learners shall begin with these settings.
    """
    found = _of_dates(after) | _of_reviews(after) | _of_names(before, after, standing)
    if opening or not standing.is_draft:
        found |= _of_what_learners_need(after, standing)
    if opening and after.submit_due_at is not None and after.submit_due_at <= now:
        found["submit_due_at"] = _("This moment is over: nobody could hand in. Choose a later one, or none.")
    return found


def _of_dates(settings: PeerSettings) -> dict[str, str]:
    found: dict[str, str] = {}
    latest: datetime | None = None
    for name in DATES:
        date: datetime | None = getattr(settings, name)
        if date is None:
            continue
        if latest is not None and date <= latest:
            found[name] = {
                "submit_due_at": _("Handing in would end before it begins. Choose a later moment."),
                "review_due_at": _(
                    "Reviewing would end before everybody has handed in. Choose a later moment."
                ),
                "feedback_due_at": _(
                    "The time for answers would end before reviewing does. Choose a later moment."
                ),
            }[name]
        latest = date
    if settings.feedback_due_at is not None and settings.review_due_at is None:
        found["feedback_due_at"] = _("Say first until when people review: answering begins after it.")
    return found


def _of_reviews(settings: PeerSettings) -> dict[str, str]:
    found: dict[str, str] = {}
    if settings.mode is Mode.RUBRIC and settings.least > settings.wanted:
        found["least"] = _(
            "A score cannot need %(least)d reviews where each work gets %(wanted)d.",
            least=settings.least,
            wanted=settings.wanted,
        )
    if settings.mode is Mode.RUBRIC and not settings.teams and settings.asked < settings.wanted:
        found["asked"] = _(
            "With %(asked)d reviews from each person no work would reach %(wanted)d. Ask for as many, or for one more.",
            asked=settings.asked,
            wanted=settings.wanted,
        )
    if settings.teams and settings.groups is GroupScope.WITHIN:
        found["groups"] = _("A group that hands in together cannot review its own work. Choose another rule.")
    return found


def _of_names(before: PeerSettings, after: PeerSettings, standing: Standing) -> dict[str, str]:
    found: dict[str, str] = {}
    if after.identity is not Identity.NAMED and len(after.identity_reason) < LEAST_REASON:
        found["identity_reason"] = _(
            "Say in %(least)d characters or more why names are hidden. Everybody who takes part reads it.",
            least=LEAST_REASON,
        )
    if standing.handed_in or standing.reviewed:
        if _HIDDEN[after.identity] < _HIDDEN[before.identity]:
            found["identity"] = _(
                "People have taken part with their names hidden, and count on that. Names can be hidden further, "
                "and not less."
            )
        elif before.identity is not Identity.NAMED and before.reveal is Reveal.NEVER is not after.reveal:
            found["reveal"] = _("People were told that names are never shown, and count on that.")
    return found


_HIDDEN = {Identity.NAMED: 0, Identity.SINGLE_BLIND: 1, Identity.DOUBLE_BLIND: 2}


def _of_what_learners_need(settings: PeerSettings, standing: Standing) -> dict[str, str]:
    found: dict[str, str] = {}
    if not settings.task:
        found["task"] = _("Say what people hand in, before it opens.")
    if settings.mode is Mode.PAIRS:
        return found
    if not settings.rubric:
        found["rubric"] = _("Write at least one criterion: reviewers go by it, and authors read it first.")
    if settings.calibration is Calibration.REQUIRED and not standing.examples:
        found["calibration"] = _(
            "There is no example yet, so nobody could begin to review. Add one first, or let people choose."
        )
    return found

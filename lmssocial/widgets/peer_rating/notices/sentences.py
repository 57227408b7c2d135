"""How notices of peer rating read, and where they lead. Sentences work outside of a request as well.

No sentence says a score, or the name of anybody that its reader does not know from the page it leads to.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from lmssocial.core.kernel import clock
from lmssocial.core.kernel.words import gettext as _
from lmssocial.core.kernel.words import ngettext
from lmssocial.social.notifications.ports import Noted
from lmssocial.social.notifications.wording import who
from lmssocial.widgets.peer_rating.notices import kinds

HOUR = 3600


def sentence(notice: Noted, *, held: int, names: Sequence[str]) -> str:
    """What happened, and what to do.

    :param held: reviews that the reader holds in the activity.
    :param names: of those who did it, where they may be known.
    """
    if notice.kind == kinds.DUE:
        return _due(notice)
    if notice.kind == kinds.REVIEWS:
        return _reviews(held)
    if notice.kind == kinds.ANSWERED:
        return _answered(notice, names)
    if notice.kind == kinds.APPEAL:
        return _appeal(notice, names)
    if notice.kind == kinds.STAFF:
        return _staff(notice)
    what = str(notice.subject.get("what", ""))
    return _SENTENCES.get((notice.kind, what), _PLAIN[notice.kind])()


def path(notice: Noted) -> str:
    """Where it leads, below the address of the activity."""
    subject = notice.subject
    kind, what = notice.kind, str(subject.get("what", ""))
    if kind == kinds.STAFF:
        leads = {"scores-ready": "/scores", "does-not-open": f"/works/{subject.get('work_id')}"}
        return leads.get(what, "/board")
    if kind in {kinds.FEEDBACK, kinds.SCORES, kinds.DECIDED} or (kind, what) == (kinds.DUE, "feedback"):
        return "/feedback"
    if what in {"voided", "counts-again"}:
        return f"/reviews/{subject['review_id']}/read"
    return {
        kinds.APPEAL: f"/appeals/{subject.get('appeal_id')}",
        kinds.ANSWERED: f"/said#review-{subject.get('review_id')}",
    }.get(kind, "/")


def _due(notice: Noted) -> str:
    what = notice.subject.get("what")
    if notice.subject.get("reminded"):
        return {
            "work": _("Your instructor reminds you to hand in your work"),
            "reviews": _("Your instructor reminds you of reviews that are still to do"),
        }.get(str(what), _("Your instructor reminds you to say which reviews helped you"))
    left = datetime.fromisoformat(notice.subject["due_at"]) - clock.now()
    hours = round(left.total_seconds() / HOUR)
    if hours < 1:
        return {
            "work": _("The time for handing in your work is over, or nearly"),
            "reviews": _("The time for your reviews is over, or nearly"),
        }.get(str(what), _("The time for answering reviews of your work is over, or nearly"))
    if what == "work":
        return ngettext(
            "You have one hour left to hand in your work",
            "You have %(num)s hours left to hand in your work",
            hours,
        )
    if what == "reviews":
        return ngettext(
            "You have one hour left for the reviews that are still to do",
            "You have %(num)s hours left for the reviews that are still to do",
            hours,
        )
    return ngettext(
        "You have one hour left to say which reviews helped you",
        "You have %(num)s hours left to say which reviews helped you",
        hours,
    )


def _reviews(held: int) -> str:
    if not held:
        return _("You can review now")
    return ngettext("One work waits for your review", "%(num)s works wait for your review", held)


def _answered(notice: Noted, names: Sequence[str]) -> str:
    if notice.subject.get("what") == "replied":
        if names:
            return _("%(who)s answered your review", who=who(names))
        return _("An author answered your review")
    if names:
        return _("%(who)s said how far your review helped", who=who(names))
    return _("An author said how far your review helped")


def _appeal(notice: Noted, names: Sequence[str]) -> str:
    if notice.subject.get("what") == "assigned":
        return _("You are asked to decide about an appeal against a score")
    return _("%(who)s asks for another look at a score", who=who(names))


def _staff(notice: Noted) -> str:
    why, number = notice.subject.get("what"), int(notice.subject.get("number", 0))
    if why == "too-few-works":
        if not number:
            return _("Nobody handed in until the date. Give people more time, or call it off")
        return ngettext(
            "Only one work was handed in until the date. Give more time, begin and review it yourself, or call it off",
            "Only %(num)s works were handed in until the date. Give more time, begin and review some yourself, "
            "or call it off",
            number,
        )
    if why == "reviews-missing":
        return ngettext(
            "Reviewing is over, and one work has too few reviews. Review it yourself, or give people more time",
            "Reviewing is over, and %(num)s works have too few reviews. Review them yourself, or give people more time",
            number,
        )
    return {
        "scores-ready": _("Scores are ready. Look at them, then release them"),
        "scoring-failed": _("Scores could not be worked out. Choose another scoring in the settings"),
        "does-not-open": _(
            "A reviewer says that something in a work does not open or is missing. Look at it, and speak to its author"
        ),
        "allocator-failed": _(
            "The chosen way to give out works failed, and the built-in one was used. Nobody has to wait"
        ),
    }.get(str(why), _("A peer rating needs you"))


_PLAIN: dict[str, Callable[[], str]] = {
    kinds.OPENED: lambda: _("You can hand in your work now"),
    kinds.EXTENSION: lambda: _("You have other dates than before"),
    kinds.FEEDBACK: lambda: _("You can read the reviews of your work"),
    kinds.SCORES: lambda: _("The score of your work is released"),
    kinds.TAKEN: lambda: _("Something of yours was taken out"),
    kinds.DECIDED: lambda: _("Your appeal is answered"),
}
"""How kinds read when nothing more is known."""

_SENTENCES: dict[tuple[str, str], Callable[[], str]] = {
    (kinds.OPENED, "again"): lambda: _("You can hand in your work again"),
    (kinds.OPENED, "cancelled"): lambda: _(
        "An instructor called off this activity. There is nothing more to do"
    ),
    (kinds.FEEDBACK, "more"): lambda: _("There is another review of your work"),
    (kinds.SCORES, "changed"): lambda: _("The score of your work has changed"),
    (kinds.TAKEN, "cancelled"): lambda: _("An instructor took your work out. Why stands on its page"),
    (kinds.TAKEN, "excluded"): lambda: _(
        "An instructor looks at your work themselves; it is not reviewed by others"
    ),
    (kinds.TAKEN, "work-back"): lambda: _("Your work is among the others again"),
    (kinds.TAKEN, "revoked"): lambda: _(
        "A work that you had to review was taken back. You need not review it"
    ),
    (kinds.TAKEN, "voided"): lambda: _("An instructor decided that a review of yours does not count"),
    (kinds.TAKEN, "counts-again"): lambda: _("A review of yours counts again"),
    (kinds.DECIDED, "upheld"): lambda: _("Your appeal was right: there is another score"),
    (kinds.DECIDED, "rejected"): lambda: _("Your appeal is answered: the score stays"),
}

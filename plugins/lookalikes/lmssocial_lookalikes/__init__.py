"""Holds what people write whose name could be taken for that of somebody on the staff.

Names come from the LMS, and in many an LMS people choose them. It compares the author's name with those of the
community's instructors, stewards and SMEs, stores nothing, and abstains for the staff itself.
"""

from lmssocial.plugin import Concern, Manifest, Need, Ruling, Submission, Verdict, hookimpl, lazy_gettext
from lmssocial.plugin import gettext as _
from lmssocial_lookalikes.names import Likeness, is_office, likeness
from lmssocial_lookalikes.settings import Lookalikes, LookalikesForm

manifest = Manifest(
    name="lookalikes",
    title=lazy_gettext("Look-alikes of staff"),
    summary=lazy_gettext(
        "Holds posts of people whose name could be taken for that of somebody on the staff."
    ),
    settings=Lookalikes,
    settings_form=LookalikesForm,
    needs=frozenset({Need.STAFF_NAMES}),
    stores=lazy_gettext("Nothing. It compares the author's name with those of the staff."),
)

CONFIDENCE = {Likeness.SAME: 1.0, Likeness.LOOK: 0.9, Likeness.NEAR: 0.6}


@hookimpl
def lmssocial_screen_submission(submission: Submission, settings: Lookalikes) -> Verdict | None:
    """Hold what somebody writes who is not on the staff and looks as if they were."""
    if submission.author_role in settings.trusted_roles or submission.author_offices:
        return None
    if _written(submission.author_name) in map(_written, settings.allowed_names):
        return None
    found = nearest(submission, settings)
    if found is not None:
        return _verdict(f"{found.value}-name", _message(found), CONFIDENCE[found], settings)
    if settings.offices_alone and is_office(submission.author_name, settings.offices):
        message = _(
            "Your name says that you belong to the staff of this course, so a moderator reads this before others "
            "see it."
        )
        return _verdict("office-name", message, 0.8, settings)
    return None


def nearest(submission: Submission, settings: Lookalikes) -> Likeness | None:
    """How the author's name is like the one of the staff that it is most like."""
    found = {
        likeness(submission.author_name, staff_name, settings.offices, near=settings.near)
        for staff_name in submission.staff_names
    }
    return next((one for one in Likeness if one in found), None)


def _written(name: str) -> str:
    """``name`` as it is written; an exception is for one name, and not for what looks like it."""
    return " ".join(name.casefold().split())


def _message(found: Likeness) -> str:
    if found is Likeness.SAME:
        return _(
            "Somebody on the staff of this course has the same name as you, so a moderator reads this before "
            "others see it."
        )
    return _(
        "Your name could be taken for that of somebody on the staff of this course, so a moderator reads this "
        "before others see it."
    )


def _verdict(reason: str, message: str, confidence: float, settings: Lookalikes) -> Verdict:
    return Verdict(
        ruling=Ruling.HOLD,
        reason=reason,
        message=message,
        rule=settings.rule,
        suggestion=_(
            "If it is your name, ask your instructor to allow it here, and this will not happen again. If it is "
            "not, change it in the LMS."
        ),
        confidence=confidence,
        concern=Concern.IMPERSONATION,
    )

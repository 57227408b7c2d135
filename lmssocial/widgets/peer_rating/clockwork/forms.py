"""What staff fill in where an activity is moved and its dates are changed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from lmssocial.web.moments import MomentField, MomentsForm
from lmssocial.widgets.peer_rating.clockwork.moves import DATES, ENDS, Move
from lmssocial.widgets.peer_rating.clockwork.moving import MAX_REASON
from lmssocial.widgets.peer_rating.models import Phase

_LONG = Length(max=MAX_REASON, message=_l("A reason has at most %(max)d characters."))


class MoveForm(MomentsForm):
    """One move; :func:`move_form` adds what this one takes."""


def move_form(move: Move, formdata: Any = None) -> MoveForm:
    """The form of a move: why, if it goes back or calls off; until when, if the phase it goes back to has a date."""
    parts: dict[str, Any] = {}
    if move.is_back and move.to in ENDS:
        check = InputRequired(
            _l("Its date is over, so it would go on at once. Say until when it shall last.")
        )
        parts["due_at"] = MomentField(_l("Until when"), [check if move.needs_date else Optional()])
    if move.is_back or move.to is Phase.CANCELLED:
        parts["reason"] = TextAreaField(
            _l("Why"),
            [InputRequired(_l("Say why. It is kept with the history of this activity.")), _LONG],
            description=_l("For instructors; it is kept with the history."),
            render_kw={"rows": 2},
        )
    form: MoveForm = type("OneMove", (MoveForm,), parts)(formdata, prefix=f"{move.to}-")
    return form


class DatesForm(MomentsForm):
    """Until when phases last; :func:`dates_form` adds those that are not over."""

    reason = TextAreaField(
        _l("Why"),
        [Optional(), _LONG],
        description=_l("For instructors; it is kept with the history."),
        render_kw={"rows": 2},
    )

    def changed(self, before: Mapping[str, datetime | None]) -> dict[str, datetime]:
        """The dates that are other ones than ``before``, by the name of the setting. Seconds do not count."""
        filled = {name: self[name].data for name in DATES if name in self}
        return {
            name: due for name, due in filled.items() if due is not None and due != _minute(before.get(name))
        }


_LABELS = {
    "submit_due_at": _l("Hand in until"),
    "review_due_at": _l("Review until"),
    "feedback_due_at": _l("Answer reviews until"),
}


def dates_form(phase: Phase, dates: Mapping[str, datetime | None], formdata: Any = None) -> DatesForm | None:
    """The dates that can still be changed in ``phase``; ``None`` if there are none."""
    order = list(Phase)
    if phase not in ENDS and phase not in {Phase.DRAFT, Phase.PUBLISHED}:
        return None
    open_ends = {name: end for end, name in ENDS.items() if order.index(end) >= order.index(phase)}
    parts: dict[str, Any] = {}
    for name in open_ends:
        check = InputRequired(_l("Choose a date, or remove it on the page of settings."))
        parts[name] = MomentField(_LABELS[name], [check if dates.get(name) else Optional()])
    form: DatesForm = type("OpenDates", (DatesForm,), parts)(formdata, data=dict(dates), prefix="dates-")
    return form


def _minute(moment: datetime | None) -> datetime | None:
    return moment.replace(second=0, microsecond=0) if moment else None

"""What the times of the settings come to, for a question that is asked next Monday at ten. Pure."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from lmssocial.core.kernel.words import gettext as _
from lmssocial.core.kernel.words import ngettext
from lmssocial.widgets.experts.calendars import Week, after_open_hours, after_working_hours
from lmssocial.widgets.experts.settings import ExpertSettings

TEN = time(10)


@dataclass(frozen=True, kw_only=True)
class Moment:
    """Something that happens, and when, by the clock of the course."""

    at: datetime
    what: str


def example(settings: ExpertSettings, now: datetime) -> tuple[Moment, ...]:
    """How a question goes on that nobody answers, with experts who have the week of the course; in order of time.

    With short days experts still have time to say something when the question is open to everybody already.
    """
    week = Week(settings.zone, settings.opens, settings.closes, settings.days, settings.holidays)
    today = now.astimezone(week.place)
    monday = today.date() + timedelta(days=7 - today.weekday())
    asked = datetime.combine(monday, TEN, tzinfo=week.place)
    moments = (
        (
            asked,
            ngettext(
                "Somebody asks. One expert is invited.",
                "Somebody asks. %(num)s experts are invited.",
                settings.per_wave,
            ),
        ),
        (
            after_open_hours(week, asked, settings.answer_hours),
            _("Who has not said anything is not waited for any longer: others are invited."),
        ),
        (
            after_working_hours(week, asked, settings.open_hours),
            _("It is open to everybody, and those who bring people together are told."),
        ),
        (after_working_hours(week, asked, settings.steward_hours), _("It is on the stewards' desk.")),
    )
    in_order = sorted(moments, key=lambda pair: pair[0])
    return tuple(Moment(at=at.astimezone(week.place), what=what) for at, what in in_order)

"""Numbers of the monitors in words."""

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType

from flask_babel import format_date, format_decimal, ngettext
from flask_babel.speaklater import LazyString

from lmssocial.plugin import gettext as _
from lmssocial.plugin import lazy_gettext as _l
from lmssocial_reporting.charts.drawing import percent as whole_percent
from lmssocial_reporting.monitors.cells import Roughly
from lmssocial_reporting.people import Window

_WIDGETS: Mapping[str, LazyString] = MappingProxyType(
    {
        "discussion": _l("Discussions"),
        "experts": _l("Questions to experts"),
        "peer_rating": _l("Peer rating"),
        "engagement": _l("Marks, saving and sharing"),
        "knowledge": _l("Knowledge"),
        "moderation": _l("Moderation"),
        "governance": _l("Rules of the community"),
        "communities": _l("Groups and communities"),
        "identity": _l("Coming to the course"),
        "reporting": _l("This report"),
    }
)
_DAY, _LONG = 24, 48


def widget_words(widget: str) -> str:
    """What a kind of widget is called, or the part of the house that told of something."""
    return str(_WIDGETS.get(widget, widget))


def number(value: int) -> str:
    """A whole number, as the reader writes it."""
    return str(format_decimal(value))


def people(count: Roughly) -> str:
    """A number of people, as far as it may be said."""
    if count.value is None:
        return _("too few to say")
    if not count.value:
        return _("fewer than %(number)d", number=count.below)
    return _("%(number)d or more", number=count.value)


def percent(share: float | None) -> str:
    """A share in whole per cent, if it may be said. What is some and rounds to none, or most and to all, says so."""
    if share is None:
        return _("too few to say")
    if 0 < share < 0.005:
        return _("less than %(share)s", share=whole_percent(0.01))
    if 0.995 <= share < 1:
        return _("more than %(share)s", share=whole_percent(0.99))
    return whole_percent(share)


def figure(value: float | None) -> str:
    """A number with two places, if it may be said."""
    return _("too few to say") if value is None else str(format_decimal(round(value, 2), format="0.00"))


def duration(hours: float | None) -> str:
    """A time, in minutes, hours or days; ``None`` is longer than was looked at."""
    if hours is None:
        return _("not yet")
    if hours < 1:
        minutes = max(1, round(hours * 60))
        return str(ngettext("%(num)d minute", "%(num)d minutes", minutes))
    if hours < _LONG:
        return str(ngettext("%(num)d hour", "%(num)d hours", round(hours)))
    return str(ngettext("%(num)d day", "%(num)d days", round(hours / _DAY)))


def week(window: Window, number: int) -> str:
    """Which of the weeks of a window, counted from 0: by its first day."""
    first = window.first + timedelta(days=7 * number)
    return _("Week from %(day)s", day=format_date(first, "d MMM"))


def span(window: Window) -> str:
    """From which to which day a window goes."""
    return _(
        "%(first)s to %(last)s",
        first=format_date(window.first, "medium"),
        last=format_date(window.last, "medium"),
    )

"""The tables of a report in words, for pages, prints and PDF. Files for machines are made in :mod:`.sheets`."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import format_date, ngettext

from lmssocial.plugin import gettext as _
from lmssocial_reporting.charts.drawing import percent, percents
from lmssocial_reporting.definition import Role
from lmssocial_reporting.report.document import (
    DataLine,
    DefinitionCopy,
    Facts,
    RoleLine,
    TargetCopy,
)
from lmssocial_reporting.roles.words import role_title


@dataclass(frozen=True, kw_only=True)
class TableOf:
    """A table of words; the first cell of a row names it."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    links: tuple[int, ...] = ()
    """Which columns hold links."""
    codes: tuple[int, ...] = ()
    """Which columns hold names of events and fields: they may break after dots and underscores."""


def verdict_words(verdict: str) -> str:
    """A verdict as people read it."""
    said = {
        "within": _("within the band"),
        "below": _("below the band"),
        "above": _("above the band"),
        "unclear": _("not clear yet"),
    }
    return said.get(verdict, _("nothing to compare with"))


def people(number: int | None) -> str:
    """A number of people, as far as it may be said."""
    return _("not said") if number is None else str(number)


def share_words(share: int | None) -> str:
    """A share in per cent, as far as it may be said."""
    return _("not said") if share is None else percent(share / 100)


def target_table(target: TargetCopy) -> TableOf:
    """The target as it was."""
    whom = _("learners") if target.speaks_of == "learners" else _("all members")
    rows = [
        (_("Purpose"), target.purpose),
        (_("It speaks of"), whom),
        (_("Set by"), ngettext("%(num)d person", "%(num)d people", target.setters)),
        (
            _("Votes"),
            _("%(yes)s for it, %(no)s against it", yes=target.votes_for, no=target.votes_against),
        ),
    ]
    if target.ratified_at:
        rows.append((_("In force since"), format_date(target.ratified_at, "long")))
    rows.append((_("To be looked at again on"), format_date(target.review_on, "long")))
    return TableOf(title=_("Target"), header=(_("Target"), _("What was agreed")), rows=tuple(rows))


def role_table(facts: Facts) -> TableOf:
    """The five roles."""
    whom = (
        _("No shares are said yet")
        if not facts.enough
        else _("Shares of %(number)s learners", number=facts.spoken_of)
        if facts.speaks_of == "learners"
        else _("Shares of %(number)s members", number=facts.spoken_of)
    )
    banded = (_("Target band"), _("Verdict")) if facts.target else ()
    header = (
        _("Role"),
        _("Acted in it"),
        _("Plausible range"),
        *banded,
        _("Kept it up"),
        _("Did something of it"),
    )
    return TableOf(title=whom, header=header, rows=tuple(_role_row(line, facts) for line in facts.roles))


def _role_row(line: RoleLine, facts: Facts) -> tuple[str, ...]:
    banded = (_range(line.band_low, line.band_high), verdict_words(line.verdict)) if facts.target else ()
    return (
        line.title,
        share_words(line.share),
        _range(line.low, line.high),
        *banded,
        people(line.sustained),
        people(line.emerging),
    )


def split_table(facts: Facts) -> TableOf:
    """How many acted in each role, by whom they are."""
    found: dict[tuple[str, str], list[str]] = {}
    for line in facts.splits:
        row = found.setdefault((line.by, line.key), [line.title, str(line.members)])
        row.append(people(line.acting))
    return TableOf(
        title=_("People who acted in each role"),
        header=(_("Members"), _("Number"), *_roles()),
        rows=tuple(tuple(row) for row in found.values()),
    )


def trend_table(facts: Facts) -> TableOf:
    """Shares by window, the oldest first."""
    windows: dict[str, list[str]] = {}
    for line in facts.trend:
        key = line.first.isoformat()
        named = _(
            "%(first)s to %(last)s",
            first=format_date(line.first, "medium"),
            last=format_date(line.last, "medium"),
        )
        row = windows.setdefault(key, [named, str(line.members)])
        row.append(share_words(line.share))
    return TableOf(
        title=_("Shares in windows that do not overlap"),
        header=(_("Window"), _("Members"), *_roles()),
        rows=tuple(tuple(row) for row in windows.values()),
    )


def measure_tables(facts: Facts) -> Iterable[TableOf]:
    """One table for each monitor."""
    monitors: dict[str, list[tuple[str, ...]]] = {}
    for measure in facts.measures:
        monitors.setdefault(measure.monitor, []).append((measure.name, measure.value))
    for title, rows in monitors.items():
        yield TableOf(title=title, header=(_("Figure"), _("Value")), rows=tuple(rows))


def shared_fields(data: Iterable[DataLine]) -> tuple[str, ...]:
    """The fields that the figures use of every event, so that no line has to repeat them."""
    lines = tuple(data)
    return (
        tuple(field for field in lines[0].fields if all(field in one.fields for one in lines))
        if lines
        else ()
    )


def list_tables(data: Iterable[DataLine]) -> Iterable[TableOf]:
    """Which data there are: one table for each source."""
    lines = tuple(data)
    shared = frozenset(shared_fields(lines))
    for source in dict.fromkeys(line.source for line in lines):
        yield TableOf(
            title=source,
            header=(_("Event"), _("What it tells"), _("Further fields used")),
            codes=(0, 2),
            rows=tuple(
                (
                    f"{line.event} {line.version}",
                    line.what,
                    ", ".join(field for field in line.fields if field not in shared) or "–",
                )
                for line in lines
                if line.source == source
            ),
        )


def timeframes(data: Iterable[DataLine]) -> tuple[str, ...]:
    """When data are collected: mostly one sentence for all of them."""
    return tuple(dict.fromkeys(line.timeframe for line in data))


def plan_table(data: Iterable[DataLine]) -> TableOf:
    """How they are collected, and who answers for that: a row for all events of which the same is said."""
    events: dict[tuple[str, ...], dict[str, None]] = {}
    for line in data:
        said = (line.source, line.purpose, line.retention, line.responsible or _("nobody named"))
        events.setdefault(said, {})[line.event] = None
    return TableOf(
        title=_("How they are collected, and who answers for it"),
        header=(_("Source"), _("Purpose"), _("How long it is kept"), _("Responsible"), _("Events")),
        codes=(4,),
        rows=tuple((*said, ", ".join(names)) for said, names in events.items()),
    )


def definition_table(definition: DefinitionCopy) -> TableOf:
    """The parameters."""
    return TableOf(
        title=_("Parameters of %(version)s", version=definition.version),
        header=(_("Parameter"), _("Value")),
        rows=tuple((one.name, one.value) for one in definition.parameters),
    )


def _roles() -> tuple[str, ...]:
    return tuple(role_title(role) for role in Role)


def _range(low: int | None, high: int | None) -> str:
    if low is None or high is None:
        return _("not said")
    return percents(low / 100, high / 100)

"""Skills of Caretakers, as far as acts tell of them."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from math import inf
from statistics import median

from lmssocial.plugin import lazy_gettext as _l
from lmssocial_reporting.definition import Kind
from lmssocial_reporting.skills.figure import Indicator, Unit
from lmssocial_reporting.skills.told import FORTNIGHT, Told, Value
from lmssocial_reporting.store.port import Act, Deed

DECISION = "decision"
CONTESTED = timedelta(days=7)
HOUR = 3600


def ambassador(told: Told) -> dict[int, Value]:
    """How much more often newcomers whom they welcomed came back within two weeks than others, as shares.

    Newcomers of the two weeks before the window and of its first two weeks: all of them had two weeks to come back.
    """
    first, last = told.window.first - FORTNIGHT, told.window.last - FORTNIGHT
    active = _active_days(told)
    welcomed: defaultdict[int, dict[int, date]] = defaultdict(dict)
    for piece in told.pieces:
        if piece.kind is Kind.NEWCOMER_WELCOMED and first <= piece.day <= last:
            welcomed[piece.member].setdefault(piece.other, piece.day)
    new = {member: day for member, day in told.first.items() if first <= day <= last}
    back = {member: _comes_back(active.get(member, set()), day) for member, day in new.items()}
    all_back = sum(back.values())
    found: dict[int, Value] = {}
    for member, those in welcomed.items():
        apart = back.keys() & {member, *those}
        others = len(back) - len(apart)
        mine = [_comes_back(active.get(other, set()), day) for other, day in those.items()]
        if others:
            others_back = all_back - sum(back[other] for other in apart)
            found[member] = Value(sum(mine) / len(mine) - others_back / others, len(mine))
    return found


def _active_days(told: Told) -> Mapping[int, set[date]]:
    found: defaultdict[int, set[date]] = defaultdict(set)
    for act in told.acts:
        found[act.member].add(act.day)
    for reading in told.readings:
        found[reading.member].add(reading.at.date())
    return found


def _comes_back(days: set[date], since: date) -> bool:
    return any(since < day <= since + FORTNIGHT for day in days)


def advocate(told: Told) -> dict[int, Value]:
    """Of their decisions, the share that nobody else reversed within a week.

    Whether both sides called it settled, acts do not tell.
    """
    reversals: defaultdict[str, list[Act]] = defaultdict(list)
    for act in told.acts:
        if act.deed in (Deed.RESTORED, Deed.WITHDRAWN):
            reversals[act.item].append(act)
    tries: defaultdict[int, list[bool]] = defaultdict(list)
    for act in told.done(Deed.MODERATED):
        if act.via == DECISION and act.item:
            contested = any(
                other.member != act.member and act.at < other.at <= act.at + CONTESTED
                for other in reversals.get(act.item, ())
            )
            tries[act.member].append(not contested)
    return {member: Value(sum(those) / len(those), len(those)) for member, those in tries.items()}


def time_to_decide(told: Told) -> dict[int, Value]:
    """The hours from a member's flag to their decision, at the median."""
    flagged: dict[str, datetime] = {}
    for act in told.by_deed.get(Deed.FLAGGED, ()):
        flagged.setdefault(act.item, act.at)
    waits: defaultdict[int, list[float]] = defaultdict(list)
    for act in told.done(Deed.MODERATED):
        at = flagged.get(act.item)
        if act.via == DECISION and at is not None and at <= act.at:
            waits[act.member].append((act.at - at).total_seconds() / HOUR)
    return {member: Value(median(those) if those else inf, len(those)) for member, those in waits.items()}


def cultivator(told: Told) -> dict[int, Value]:
    """How many requests they took up that had waited for two days. Chances are these, too."""
    taken = Counter(
        piece.member
        for piece in {
            (piece.member, piece.thread or piece.item): piece
            for piece in told.pieces
            if piece.kind is Kind.CARE_REQUEST and piece.day >= told.window.first
        }.values()
    )
    return {member: Value(float(number), number) for member, number in taken.items()}


INDICATORS = (
    Indicator(
        key="ambassador",
        skill="ambassador",
        title=_l("Newcomers they welcomed who came back within two weeks, above other newcomers"),
        unit=Unit.POINTS,
        chances=4,
        of=_l("newcomers welcomed"),
        caveat=_l("Who is welcomed may be who would have come back. It rests on few."),
        reads=True,
        reckon=ambassador,
    ),
    Indicator(
        key="advocate",
        skill="advocate",
        title=_l("Decisions as a moderator that nobody else reversed within a week"),
        unit=Unit.SHARE,
        chances=2,
        of=_l("decisions"),
        caveat=_l("Whether both sides call it settled, acts do not tell. Decisions are rare."),
        reckon=advocate,
    ),
    Indicator(
        key="time_to_decide",
        skill="advocate",
        title=_l("Time from a flag to their decision"),
        unit=Unit.HOURS,
        chances=2,
        of=_l("flags decided"),
        caveat=_l("Sooner is not always better. Decisions are rare."),
        reckon=time_to_decide,
    ),
    Indicator(
        key="cultivator",
        skill="cultivator",
        title=_l("Requests taken up that had waited for two days"),
        unit=Unit.NUMBER,
        chances=2,
        of=_l("requests taken up"),
        caveat=_l(
            "Where nothing waits, there is nothing to take up. Whether proposals for rules were discussed, "
            "acts do not tell."
        ),
        reckon=cultivator,
    ),
)

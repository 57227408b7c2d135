"""One's own evidence as lines that can be read, opened and left out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from lmssocial.plugin import gettext as _
from lmssocial_reporting.definition import Kind, Role
from lmssocial_reporting.evidence.naming import BY_READING, is_blind
from lmssocial_reporting.roles.words import kind_done
from lmssocial_reporting.store.port import Evidence

NAMED = 2
"""People whom a line names; of more it says how many."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One or several pieces of one's own evidence, in one sentence."""

    day: date
    role: Role
    kind: Kind
    item: str | None
    """What it is about; ``None``: several things."""
    other: int | None
    """Whom it served; ``None``: several people, nobody in particular, or somebody whose name is not said."""
    sentence: str
    path: str
    """Where it can be seen; empty where there is no such page."""
    place: str
    """What the activity is called in which it was done; empty where it is gone, or there are several."""


def lines_of(evidence: Iterable[Evidence], names: Mapping[int, str], places: Mapping[int, str]) -> list[Line]:
    """What somebody did, the newest day first.

    Whom one thing served stands in one line, and what was read of one person on a day, too. Who read something is not
    named to its author, and nobody is where works may be reviewed blindly.

    :param names: of those whom it served, by id.
    :param places: what the activities of the course are called, by the numbers of their placements.
    """
    groups: dict[tuple[date, Role, Kind, str | int], list[Evidence]] = {}
    for one in evidence:
        by: str | int = one.other if one.kind is Kind.ITEM_OPENED and not is_blind(one) else one.item
        groups.setdefault((one.day, one.role, one.kind, by), []).append(one)
    return [_line(some, names, places) for _key, some in sorted(groups.items(), key=_newest_first)]


def path_of(item: str, thread: str, placement_id: int) -> str:
    """The page of a thing: ``c12`` in thread ``t9`` is a post. Empty where its place is not known."""
    if not placement_id:
        return ""
    place = f"/w/{placement_id}"
    kind, number = item[:1], item[1:]
    if kind == "c" and thread[:1] == "q":
        kind, number = "q", thread[1:]
    pages = {
        "t": f"{place}/discussion/threads/{number}",
        "q": f"{place}/experts/questions/{number}",
        "h": f"{place}/experts/hours/{number}",
        "i": f"{place}/experts/introductions/{number}",
        "w": f"{place}/peer_rating/works/{number}",
    }
    if kind == "c" and thread[:1] == "t":
        return f"{place}/discussion/posts/{number}"
    return pages.get(kind, "") if number.isdecimal() else ""


def _newest_first(
    group: tuple[tuple[date, Role, Kind, str | int], Sequence[Evidence]],
) -> tuple[int, str, str]:
    (day, _role, kind, by), _some = group
    return -day.toordinal(), kind, str(by)


def _line(some: Sequence[Evidence], names: Mapping[int, str], places: Mapping[int, str]) -> Line:
    first = some[0]
    served = list(dict.fromkeys(one.other for one in some if one.other))
    items = {one.item for one in some}
    of_one = len(items) == 1
    unnamed = first.kind in BY_READING or is_blind(first)
    path = path_of(first.item, first.thread, first.placement_id) if of_one else ""
    return Line(
        day=first.day,
        role=first.role,
        kind=first.kind,
        item=first.item if of_one else None,
        other=first.other if len({one.other for one in some}) == 1 and not unnamed else None,
        sentence=_unnamed(first.kind, len(served))
        if unnamed
        else _sentence(first.kind, len(items), [names.get(one, _("somebody")) for one in served]),
        path=path,
        place=places.get(first.placement_id, "") if len({one.placement_id for one in some}) == 1 else "",
    )


def _unnamed(kind: Kind, people: int) -> str:
    if kind is not Kind.ITEM_POSTED or not people:
        return kind_done(kind)
    return kind_done(kind, _("1 person") if people == 1 else _("%(count)d people", count=people))


def _sentence(kind: Kind, items: int, names: Sequence[str]) -> str:
    if kind is Kind.ITEM_OPENED and items > 1:
        return _("You read %(count)d things by %(name)s to their end", count=items, name=listed(names))
    return kind_done(kind, listed(names) if names else None)


def listed(names: Sequence[str]) -> str:
    """Names in a row, the first two and how many more."""
    if len(names) > NAMED + 1:
        return _("%(names)s and %(more)d others", names=", ".join(names[:NAMED]), more=len(names) - NAMED)
    if len(names) < 2:
        return "".join(names)
    return _("%(names)s and %(last)s", names=", ".join(names[:-1]), last=names[-1])

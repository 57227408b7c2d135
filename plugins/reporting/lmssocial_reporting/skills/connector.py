"""Skills of Connectors, as far as acts tell of them."""

from collections import Counter, defaultdict
from datetime import date, timedelta

from lmssocial.plugin import lazy_gettext as _l
from lmssocial_reporting.definition import Kind
from lmssocial_reporting.monitors.brokerage import betweenness, constraint
from lmssocial_reporting.skills.figure import Indicator, Unit
from lmssocial_reporting.skills.told import Told, Value
from lmssocial_reporting.store.port import Deed

TOGETHER = timedelta(days=7)


def broker(told: Told) -> dict[int, Value]:
    """Of the questions they passed on and the introductions they made, the share that was taken up."""
    taken = {(act.member, act.other, act.item) for act in told.by_deed.get(Deed.ACCEPTED, ())}
    met = {act.thread for act in told.by_deed.get(Deed.MET, ())}
    made: dict[tuple[int, int, str], bool] = {}
    for act in told.done(Deed.REFERRED):
        made[act.member, act.other, act.item] = (act.other, act.member, act.item) in taken
    for act in told.done(Deed.INTRODUCED):
        made[act.member, 0, act.thread] = act.thread in met
    tries: defaultdict[int, list[bool]] = defaultdict(list)
    for (member, _other, _what), success in made.items():
        tries[member].append(success)
    return {member: Value(sum(those) / len(those), len(those)) for member, those in tries.items()}


def conductor(told: Told) -> dict[int, Value]:
    """How many different members they brought into threads. Chances are the threads."""
    brought: defaultdict[int, set[int]] = defaultdict(set)
    threads: defaultdict[int, set[str]] = defaultdict(set)
    for (member, thread), those in _brought(told).items():
        brought[member] |= {other for _day, other in those}
        threads[member].add(thread)
    return {member: Value(float(len(those)), len(threads[member])) for member, those in brought.items()}


def largest_set(told: Told) -> dict[int, Value]:
    """The most members they brought into one thread within a week. Chances are the threads."""
    largest, threads = dict[int, int](), Counter[int]()
    for (member, _thread), those in _brought(told).items():
        most = max(
            len({other for day, other in those if start <= day < start + TOGETHER})
            for start in {day for day, _other in those}
        )
        largest[member] = max(most, largest.get(member, 0))
        threads[member] += 1
    return {member: Value(float(most), threads[member]) for member, most in largest.items()}


def _brought(told: Told) -> dict[tuple[int, str], list[tuple[date, int]]]:
    found: defaultdict[tuple[int, str], list[tuple[date, int]]] = defaultdict(list)
    for piece in told.pieces:
        if piece.kind is Kind.MEMBER_BROUGHT and piece.day >= told.window.first:
            found[piece.member, piece.thread].append((piece.day, piece.other))
    return found


def networker(told: Told) -> dict[int, Value]:
    """Of the mutual ties they had in the four weeks before, the share that is still alive, in whichever direction."""
    before = {(edge.member, edge.other) for edge in told.ties_before if edge.member != edge.other}
    alive = {(edge.member, edge.other) for edge in told.ties}
    had, kept = Counter[int](), Counter[int]()
    for member, other in before:
        if (other, member) in before:
            had[member] += 1
            kept[member] += (member, other) in alive or (other, member) in alive
    return {member: Value(kept[member] / number, number) for member, number in had.items()}


def unconstrained(told: Told) -> dict[int, Value]:
    """How little their ties lead back to the same people: Burt's constraint, low for who joins separate circles."""
    contacts = told.contacts
    return {member: Value(value, contacts[member]) for member, value in constraint(told.ties).items()}


def between(told: Told) -> dict[int, Value]:
    """The share of the shortest ways between two others that lead over them. Chances are their contacts."""
    contacts = told.contacts
    return {member: Value(value, contacts[member]) for member, value in betweenness(told.ties).of.items()}


def stands_between(told: Told) -> dict[int, Value]:
    """Pairs of others, one of whom acted for them and for the other of whom they acted, without a tie of their own."""
    contacts = told.contacts
    return {member: Value(float(found.total), contacts[member]) for member, found in told.brokers.items()}


def joins_groups(told: Told) -> dict[int, Value]:
    """Of these pairs, those that are not all of one group, themselves included. Where there are groups."""
    contacts = told.contacts
    return {
        member: Value(
            float(found.itinerant + found.gatekeeper + found.representative + found.liaison), contacts[member]
        )
        for member, found in (told.brokers if told.groups else {}).items()
    }


INDICATORS = (
    Indicator(
        key="broker",
        skill="broker",
        title=_l("Questions passed on and introductions that were taken up"),
        unit=Unit.SHARE,
        chances=4,
        of=_l("questions passed on, and introductions"),
        caveat=_l("Whether somebody accepts depends on what else they have to do."),
        reckon=broker,
    ),
    Indicator(
        key="between",
        skill="broker",
        title=_l("Shortest ways between two others that lead over them (betweenness)"),
        unit=Unit.SHARE,
        chances=5,
        of=_l("people they have ties with"),
        caveat=_l("It depends on what others do. Among more than two thousand people it is an estimate."),
        reckon=between,
    ),
    Indicator(
        key="stands_between",
        skill="broker",
        title=_l("Pairs without a tie of their own between whom they stand (Gould and Fernandez)"),
        unit=Unit.NUMBER,
        chances=5,
        of=_l("people they have ties with"),
        caveat=_l("It grows with the number of ties. Staff stand between many by their office."),
        reckon=stands_between,
    ),
    Indicator(
        key="joins_groups",
        skill="broker",
        title=_l("Of these pairs, those across groups"),
        unit=Unit.NUMBER,
        chances=5,
        of=_l("people they have ties with"),
        caveat=_l(
            "It says nothing where a course has no groups. Of several groups of somebody, the first counts."
        ),
        reckon=joins_groups,
    ),
    Indicator(
        key="conductor",
        skill="conductor",
        title=_l("Members brought into threads they had not been in"),
        unit=Unit.NUMBER,
        chances=2,
        of=_l("threads"),
        caveat=_l("Staff bring people together by their office."),
        reckon=conductor,
    ),
    Indicator(
        key="largest_set",
        skill="conductor",
        title=_l("Most members brought into one thread within a week"),
        unit=Unit.NUMBER,
        chances=2,
        of=_l("threads"),
        caveat=_l("Staff bring people together by their office."),
        reckon=largest_set,
    ),
    Indicator(
        key="networker",
        skill="networker",
        title=_l("Mutual ties of the four weeks before that are still alive"),
        unit=Unit.SHARE,
        chances=5,
        of=_l("mutual ties"),
        caveat=_l("A quiet tie is not a dead one."),
        reckon=networker,
    ),
    Indicator(
        key="unconstrained",
        skill="networker",
        title=_l("Burt’s constraint: the lower, the more separate the circles they join"),
        unit=Unit.SIZE,
        chances=5,
        of=_l("people they have ties with"),
        caveat=_l("A close circle is worth something, too."),
        reckon=unconstrained,
    ),
)

"""What somebody who looks after the community should look at before they believe a figure."""

from collections.abc import Iterable, Mapping, Sequence

from lmssocial.plugin import gettext as _
from lmssocial_reporting.definition import LEAST_MEMBERS, ROLES_1, Role
from lmssocial_reporting.figures.intervals import SURE, wilson
from lmssocial_reporting.people import Population
from lmssocial_reporting.roles.words import role_title
from lmssocial_reporting.store.port import Edge, Profile, ReportStore

PAST = 3
"""So many windows make a past."""
HALF = 0.5
SMALL = 0.25
"""A set that is mutually tied is worth a look if it is at most this share of the members: in a course where everybody
knows everybody it is the rule."""


def flags_of(
    store: ReportStore, population: Population, profiles: Sequence[Profile], whom: str
) -> tuple[str, ...]:
    """Sentences, in the order of the roles. Two statements.

    :param profiles: of the windows, the newest last.
    """
    newest = profiles[-1]
    if not newest.enough:
        return ()
    threads = store.fullest_threads(population.course_ids, population.window)
    ties = store.mutual_ties(population.course_ids, population.window, ROLES_1.lone_ties)
    found = []
    for role in Role:
        pieces = newest.acts[role]
        found += [
            _out_of_past(role, profiles, whom),
            _from_one_thread(role, threads.get(role, 0), pieces),
            _from_few(role, ties.get(role, []), pieces, newest.members),
        ]
    return tuple(sentence for sentence in found if sentence)


def leaves_its_past(counts: Sequence[tuple[int, int]], now: tuple[int, int]) -> int:
    """1 if the share ``now`` is above all 99 % intervals of ``counts``, -1 if it is below them, else 0.

    Shares are given as (how many, of how many).
    """
    if len(counts) < PAST or not now[1]:
        return 0
    reach = [wilson(count, of, SURE) for count, of in counts]
    share = now[0] / now[1]
    if share > max(high for _low, high in reach):
        return 1
    return -1 if share < min(low for low, _high in reach) else 0


def tied_sets(edges: Iterable[Edge]) -> list[tuple[frozenset[int], int]]:
    """The sets into which mutual ties join people, each with the pieces of evidence on these ties."""
    edges = list(edges)
    first: dict[int, int] = {}

    def root(member: int) -> int:
        while first.setdefault(member, member) != member:
            member = first[member]
        return member

    for edge in edges:
        first[root(edge.member)] = root(edge.other)
    members: dict[int, set[int]] = {}
    pieces: dict[int, int] = {}
    for edge in edges:
        place = root(edge.member)
        members.setdefault(place, set()).update((edge.member, edge.other))
        pieces[place] = pieces.get(place, 0) + edge.count
    return [(frozenset(some), pieces[place]) for place, some in members.items()]


def _said(profile: Profile, role: Role, whom: str) -> tuple[int, int] | None:
    some = profile.slice(whom)
    count = some.acting[role].value if some and profile.enough else None
    return None if some is None or count is None or not some.members else (count, some.members)


def _out_of_past(role: Role, profiles: Sequence[Profile], whom: str) -> str:
    past = [said for one in profiles[:-1] if (said := _said(one, role, whom))]
    now = _said(profiles[-1], role, whom)
    side = leaves_its_past(past, now) if now else 0
    words: Mapping[str, str] = {"role": role_title(role)}
    if side > 0:
        return _(
            "%(role)s: the share is higher than in any four weeks before, and by more than chance explains. An "
            "assignment, a guest or a lively thread may be the reason; so may an arrangement.",
            **words,
        )
    if side < 0:
        return _(
            "%(role)s: the share is lower than in any four weeks before, and by more than chance explains. A break, an "
            "exam or the end of an assignment may be the reason. Its last days are still filling.",
            **words,
        )
    return ""


def _from_one_thread(role: Role, fullest: int, pieces: int) -> str:
    if pieces < LEAST_MEMBERS or fullest <= pieces * HALF:
        return ""
    return _(
        "%(role)s: more than half of what counts comes from a single thread. The share speaks of that thread more than "
        "of the community.",
        role=role_title(role),
    )


def _from_few(role: Role, edges: Sequence[Edge], pieces: int, members: int) -> str:
    if pieces < LEAST_MEMBERS:
        return ""
    for tied, between in tied_sets(edges):
        if len(tied) <= members * SMALL and between > pieces * HALF:
            return _(
                "%(role)s: more than half of what counts went back and forth between the same few people. They may be "
                "a group that works well together; they may also have agreed to.",
                role=role_title(role),
            )
    return ""

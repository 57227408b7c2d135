"""What the monitors show of a scope: a constant number of statements for each, whatever happened there."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from lmssocial.plugin import now
from lmssocial.plugin_data import Placed
from lmssocial_reporting.definition import ROLES_1, Kind
from lmssocial_reporting.evidence.days import opened_by, unread_in
from lmssocial_reporting.monitors import flow, threads
from lmssocial_reporting.monitors.cells import Roughly, shape_refused
from lmssocial_reporting.monitors.laying import DRAWN, DRAWN_AT_MOST, Picture, laid_out
from lmssocial_reporting.monitors.network import TIES, Network, Tales, degrees, network_of
from lmssocial_reporting.monitors.places import places_of
from lmssocial_reporting.monitors.uses import Use, Weekly, by_hour, elsewhere, uses_of, weekly
from lmssocial_reporting.people import Population
from lmssocial_reporting.scope import Scope, population
from lmssocial_reporting.skills.told import is_large
from lmssocial_reporting.store.port import Deed, ReportStore


@dataclass(frozen=True, kw_only=True)
class NetworkPage:
    """The network monitor."""

    network: Network
    wrote: tuple[int, ...]
    """How many items each member published, the fewest first; empty where the Gini coefficient is not said."""
    picture: Picture | None
    """``None``: not drawn, and :attr:`why_not` says why."""
    why_not: str
    """``few`` members; ``alone``: it would show how few have no ties; ``many``: it is drawn for who asks; or empty."""
    tied: Roughly
    """Members who have ties."""
    drawable: bool
    """Whether all of them can be drawn at once."""


@dataclass(frozen=True, kw_only=True)
class WidgetPage:
    """The widget monitor."""

    members: int
    elsewhere: int
    weekly: tuple[Weekly, ...]
    uses: tuple[Use, ...]
    hours: dict[tuple[int, int], int]


@dataclass(frozen=True, kw_only=True)
class SharingPage:
    """The monitor of sharing and reading."""

    members: int
    whole: flow.Flow
    told: flow.Flow
    """The same of those items of which it is told whether somebody read them."""
    places: tuple[tuple[Placed, flow.Flow], ...]
    """Those where something was published, the most first."""
    sides: flow.Sides
    too_large: bool
    """Whether there is so much reading that it was left out."""
    filling: bool
    """Whether the last items can still be read within the time of uptake."""


@dataclass(frozen=True, kw_only=True)
class ThreadPage:
    """The monitor of threads."""

    whole: threads.Lives | None
    widgets: tuple[tuple[str, threads.Lives], ...]
    """By kind of widget."""
    until: datetime


def network_page(
    session: Session, store: ReportStore, scope: Scope, *, asked: str = "", people: Population | None = None
) -> NetworkPage:
    """The network of a scope.

    :param asked: ``some`` or ``all``: the picture of a large network was asked for.
    :param people: its population, where it is known already.
    """
    window, least = scope.window(), scope.settings.least_cell
    people = people or population(session, scope.course_ids, window, scope.settings)
    edges = store.edges(scope.course_ids, window, TIES)
    wrote = store.written(scope.course_ids, window.first, window.last)
    tales = Tales(
        replies=store.edges(scope.course_ids, window, (Kind.REPLY_POSTED,)),
        wrote=wrote,
        first=store.first_writing(scope.course_ids, window.first),
    )
    network = network_of(edges, people, least=least, tales=tales)
    by_member = degrees(edges, people.ids)
    why_not = _why_not(len(people.members), len(by_member), least, asked)
    most = DRAWN_AT_MOST if asked == "all" and len(by_member) <= DRAWN_AT_MOST else DRAWN
    return NetworkPage(
        network=network,
        wrote=tuple(sorted(wrote.get(one, 0) for one in people.ids)) if network.gini is not None else (),
        picture=None if why_not else laid_out(edges, people.ids, people.staff, most=most),
        why_not=why_not,
        tied=network.tied,
        drawable=len(by_member) <= DRAWN_AT_MOST,
    )


def _why_not(members: int, tied: int, least: int, asked: str) -> str:
    refused = shape_refused(members, tied, least=least)
    if refused:
        return "alone" if refused == "alone" else "few"
    return "many" if tied > DRAWN and asked not in ("some", "all") else ""


def widget_page(
    session: Session, store: ReportStore, scope: Scope, *, people: Population | None = None
) -> WidgetPage:
    """How widgets are used.

    :param people: the population, where it is known already.
    """
    window = scope.window()
    people = people or population(session, scope.course_ids, window, scope.settings)
    places = places_of(session, scope)
    unread = unread_in(session, scope.course_ids)
    of_window = (scope.course_ids, window.first, window.last, unread)
    counts = store.uses(*of_window)
    return WidgetPage(
        members=len(people.members),
        uses=tuple(uses_of(counts, places, people.ids, least=scope.settings.least_cell)),
        elsewhere=elsewhere(counts, places),
        weekly=tuple(weekly(store.deeds(*of_window), window)),
        hours=by_hour(store.moments(*of_window), scope.settings.time_zone),
    )


def sharing_page(
    session: Session, store: ReportStore, scope: Scope, *, people: Population | None = None
) -> SharingPage:
    """How far what was written came.

    :param people: the population, where it is known already.
    """
    window = scope.window()
    until = min(_today(scope), window.last + ROLES_1.uptake)
    people = people or population(session, scope.course_ids, window, scope.settings)
    acts = store.acts_between(scope.course_ids, window.first, until, flow.TOLD_BY)
    unread = unread_in(session, scope.course_ids)
    too_large = is_large(store, scope.course_ids, window)
    read = [] if too_large else store.readings(scope.course_ids, window.first, until)
    readings = [one for one in read if one.member not in unread]
    copies = opened_by(session, store, {act.target for act in acts if act.deed is Deed.SHARED})
    found = flow.flows(acts, readings, window, copies)
    places = [
        (place, found[place.placement_id])
        for place in places_of(session, scope)
        if place.placement_id in found
    ]
    writers = set(store.written(scope.course_ids, window.first, window.last))
    readers = {
        one.member for one in readings if one.at.astimezone(scope.settings.time_zone).date() <= window.last
    }
    return SharingPage(
        members=len(people.members),
        whole=found[flow.WHOLE],
        told=found[flow.TOLD],
        places=tuple(sorted(places, key=lambda one: (-one[1].posted, one[0].placement_id))),
        sides=flow.UNKNOWN
        if too_large
        else flow.sides(readers, writers, people.ids, least=scope.settings.least_cell),
        too_large=too_large,
        filling=until < window.last + ROLES_1.uptake,
    )


def thread_page(store: ReportStore, scope: Scope) -> ThreadPage:
    """How threads were answered."""
    window, until = scope.window(), now()
    acts = store.acts_between(scope.course_ids, window.first, _today(scope), threads.TOLD_BY)
    found = threads.lives(acts, window, until)
    return ThreadPage(
        whole=found.get(""),
        widgets=tuple((widget, lives) for widget, lives in found.items() if widget),
        until=until,
    )


def _today(scope: Scope) -> date:
    return now().astimezone(scope.settings.time_zone).date()

"""The figures of the four monitors, as the report takes them: those that may be said."""

from collections.abc import Iterator
from dataclasses import replace

from sqlalchemy.orm import Session

from lmssocial.plugin import gettext as _
from lmssocial_reporting.charts.chart import Chart
from lmssocial_reporting.monitors import pictures
from lmssocial_reporting.monitors.cells import Roughly
from lmssocial_reporting.monitors.network import Network
from lmssocial_reporting.monitors.reading import (
    SharingPage,
    ThreadPage,
    WidgetPage,
    network_page,
    sharing_page,
    thread_page,
    widget_page,
)
from lmssocial_reporting.monitors.words import duration, figure, people, percent
from lmssocial_reporting.report.document import Measure
from lmssocial_reporting.scope import Scope, as_read, population
from lmssocial_reporting.store.port import ReportStore


def measured(
    session: Session, store: ReportStore, scope: Scope
) -> tuple[tuple[Measure, ...], tuple[Chart, ...]]:
    """The figures, and the pictures that show no ties between people. A constant number of queries."""
    scope = as_read(session, scope)
    people = population(session, scope.course_ids, scope.window(), scope.settings)
    widgets = widget_page(session, store, scope, people=people)
    network = network_page(session, store, scope, people=people).network
    sharing = sharing_page(session, store, scope, people=people)
    threads = thread_page(store, scope)
    charts = [pictures.uses_bars(widgets.uses)] if widgets.hours else []
    charts += pictures.sharing_charts(sharing)
    charts += [pictures.length_bars(threads.whole)] if threads.whole else []
    measures = (*_widgets(widgets), *_network(network), *_sharing(sharing), *_threads(threads))
    return measures, tuple(charts)


def _widgets(page: WidgetPage) -> Iterator[Measure]:
    monitor = _("Widgets")
    for use in page.uses:
        named = use.placement.title or use.placement.widget
        yield _number(monitor, _("%(widget)s: things done", widget=named), use.acts)
        yield _people(monitor, _("%(widget)s: members who did them", widget=named), use.people)


def _network(network: Network) -> Iterator[Measure]:
    monitor = _("Network")
    yield _number(monitor, _("Ties between members"), network.ties)
    yield _figure(monitor, _("Density"), network.density)
    yield _share(monitor, _("Ties that are answered"), network.reciprocity)
    yield _people(monitor, _("Members without ties who wrote"), network.unheard)
    yield _people(monitor, _("Members without ties who did not write"), network.neither)
    yield _people(monitor, _("Members of the largest connected set"), network.component)
    unequal = _figure(monitor, _("Inequality of what members published (Gini)"), network.gini)
    why_not = _("not said: too few wrote, or too few did not")
    yield replace(unequal, value=why_not) if network.gini is None and network.density is not None else unequal
    yield _share(monitor, _("What the most active tenth published"), network.top)
    yield _people(monitor, _("Fewest members who published half of it"), network.absence)
    yield _share(monitor, _("Replies by staff"), network.staff_share)
    yield _share(monitor, _("Replies to newcomers"), network.newcomer_share)
    yield _share(monitor, _("Ties between different groups"), network.cross_share)


def _sharing(page: SharingPage) -> Iterator[Measure]:
    monitor = _("Sharing and reading")
    flow = page.whole
    yield _number(monitor, _("Items published"), flow.posted)
    yield _number(monitor, _("Of them, saved, found helpful, rated or endorsed"), flow.valued)
    yield _number(monitor, _("Of them, shared with another community"), flow.shared)
    yield _number(monitor, _("Of these, opened there"), flow.opened_there)
    if flow.told:
        yield _number(monitor, _("Items whose reading is told"), flow.told)
        yield _number(monitor, _("Of these, read by somebody else"), flow.read)
        yield _number(monitor, _("Items whose reading is not told"), flow.untold)
    yield _people(monitor, _("Members who read and wrote"), page.sides.both)
    yield _people(monitor, _("Members who only read"), page.sides.only_read)
    yield _people(monitor, _("Members who only wrote"), page.sides.only_write)
    yield _people(monitor, _("Members who did neither"), page.sides.neither)


def _threads(page: ThreadPage) -> Iterator[Measure]:
    monitor, whole = _("Threads"), page.whole
    if whole is None:
        return
    yield _number(monitor, _("Threads opened"), whole.opened)
    yield _number(monitor, _("Of them, without an answer so far"), whole.unanswered)
    yield _number(monitor, _("Threads that ask something"), whole.asking)
    yield _number(monitor, _("Of these, without an answer so far"), whole.asking_unanswered)
    yield Measure(
        monitor=monitor,
        name=_("Time until half of them had an answer, unanswered ones reckoned with"),
        value=duration(whole.half_answered),
        number=None if whole.half_answered is None else round(whole.half_answered, 2),
    )


def _number(monitor: str, name: str, value: int) -> Measure:
    return Measure(monitor=monitor, name=name, value=str(value), number=value)


def _people(monitor: str, name: str, count: Roughly) -> Measure:
    return Measure(monitor=monitor, name=name, value=people(count), number=count.number)


def _share(monitor: str, name: str, share: float | None) -> Measure:
    return Measure(
        monitor=monitor, name=name, value=percent(share), number=None if share is None else round(share, 4)
    )


def _figure(monitor: str, name: str, value: float | None) -> Measure:
    return Measure(
        monitor=monitor, name=name, value=figure(value), number=None if value is None else round(value, 4)
    )

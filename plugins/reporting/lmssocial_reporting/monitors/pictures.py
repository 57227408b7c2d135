"""The charts of the monitors."""

from collections.abc import Mapping
from datetime import date, timedelta

from flask_babel import format_date, ngettext
from flask_babel import gettext as _

from lmssocial.plugin import pgettext
from lmssocial_reporting.charts.bars import Bar, bars
from lmssocial_reporting.charts.chart import Caption, Chart
from lmssocial_reporting.charts.heat import heat
from lmssocial_reporting.charts.lorenz import lorenz
from lmssocial_reporting.charts.network import network
from lmssocial_reporting.monitors.flow import Flow
from lmssocial_reporting.monitors.laying import Picture
from lmssocial_reporting.monitors.reading import NetworkPage, SharingPage, ThreadPage, WidgetPage
from lmssocial_reporting.monitors.threads import LENGTHS, Lives
from lmssocial_reporting.monitors.uses import Use
from lmssocial_reporting.monitors.words import number, people, percent

MONDAY = date(2024, 1, 1)
"""Some Monday, for the names of days."""


def widget_charts(page: WidgetPage) -> list[Chart]:
    """The pictures of the page about widgets; none where nothing was used."""
    return [uses_bars(page.uses), hours_map(page.hours)] if page.hours else []


def network_charts(page: NetworkPage) -> list[Chart]:
    """Those of the page about the network, as far as they may be drawn."""
    charts = [ties_picture(page, page.picture)] if page.picture else []
    return [*charts, writing_curve(page)] if page.wrote else charts


def sharing_charts(page: SharingPage) -> list[Chart]:
    """Those of the page about sharing and reading; none where nothing was written."""
    return [flow_bars(page.whole, page.told)] if page.whole.posted and not page.too_large else []


def thread_charts(page: ThreadPage) -> list[Chart]:
    """Those of the page about threads; none where there are none."""
    return [length_bars(page.whole)] if page.whole else []


def ties_picture(page: NetworkPage, picture: Picture) -> Chart:
    """Who is tied to whom, nameless; its table says how many have how many ties."""
    note = _("People without ties are not drawn. A line is thicker the more often two acted for one another.")
    if picture.left_out:
        note += " " + _(
            "Only the %(number)s people with the most ties are drawn.", number=number(len(picture.nodes))
        )
    caption = Caption(
        key="ties",
        title=_("Who acts for whom"),
        finding=_(
            "%(people)s of %(members)s members have a tie to somebody.",
            people=people(page.network.tied),
            members=number(page.network.members),
        ),
        description=_(
            "Points are people, larger with more ties; lines join those of whom one replied to the other, passed on "
            "a question, introduced, pointed to something or shared what the other wrote. Nobody is named, and places "
            "mean nothing but that people with ties between them stand near each other."
        ),
        note=note,
    )
    rows = tuple(
        (name, people(count))
        for name, count in ((pgettext("no ties", "none"), page.network.alone), *page.network.degrees)
    )
    return network(picture.nodes, picture.ties, caption, header=(_("Ties"), _("Members")), rows=rows)


def writing_curve(page: NetworkPage) -> Chart:
    """How unequally writing is spread."""
    caption = Caption(
        key="writing",
        title=_("How much of the writing is done by how many"),
        finding=_(
            "The most active tenth of %(members)s members wrote %(share)s of all that was published.",
            members=number(page.network.members),
            share=percent(page.network.top),
        )
        if page.network.top is not None
        else _("The further the curve hangs below the straight line, the fewer people do the writing."),
        description=_(
            "A curve through shares of members, from those who wrote least to those who wrote most, against their "
            "share of everything that was published."
        ),
        note=_("Most communities are like this: reading is taking part, too."),
    )
    return lorenz(page.wrote, caption)


def hours_map(hours: Mapping[tuple[int, int], int]) -> Chart:
    """At which hours of which days something is done."""
    busiest = min(hours, key=lambda cell: (-hours[cell], cell), default=(0, 0))
    names = [str(format_date(MONDAY + timedelta(days=day), "EEE")) for day in range(7)]
    caption = Caption(
        key="hours",
        title=_("When it is used"),
        finding=_(
            "Most is done on %(day)s between %(from_hour)d and %(to_hour)d o’clock.",
            day=str(format_date(MONDAY + timedelta(days=busiest[0]), "EEEE")),
            from_hour=busiest[1],
            to_hour=busiest[1] + 1,
        ),
        description=_("A square for each hour of each day of the week, larger the more acts fall into it."),
        note=_(
            "All four weeks together, in the time zone of the report. Acts are counted, and people are not."
        ),
    )
    return heat(hours, names, [str(hour) for hour in range(24)], caption)


def uses_bars(rows: tuple[Use, ...]) -> Chart:
    """How often placed widgets were used."""
    used = sum(1 for use in rows if use.acts)
    caption = Caption(
        key="uses",
        title=_("How often each widget was used"),
        finding=_("Of %(all)s placed widgets, %(used)s were used.", all=number(len(rows)), used=number(used)),
        description=_("A bar for each widget that was used, as long as the number of acts."),
    )
    drawn = [Bar(name=use.placement.title, value=float(use.acts), said=number(use.acts)) for use in rows[:20]]
    return bars(drawn, caption, header=(_("Widget"), _("Acts")))


def flow_bars(whole: Flow, told: Flow) -> Chart:
    """How far items came: those whose reading is told, or all of them where it is told of none.

    :param told: of the items of ``whole``, those of which it is told whether they were read.
    """
    flow = told if told.posted else whole
    read = ((_("Read by another member"), flow.read),) if told.posted else ()
    of_some = told.posted and whole.untold
    steps = (
        (_("Published, and reading is told") if of_some else _("Published"), flow.posted),
        *read,
        (_("Kept or valued"), flow.valued),
        (_("Shared with another community"), flow.shared),
        (_("Opened there"), flow.opened_there),
    )
    caption = Caption(
        key="flow",
        title=_("How far it came"),
        finding=_flow_words(whole, told),
        description=_("A bar for each step, as long as the number of items that came so far."),
        note=_flow_note(flow) if told.posted else "",
    )
    rows = [
        Bar(
            name=name,
            value=float(count),
            said=f"{number(count)} · {percent(count / flow.posted)}" if flow.posted else number(count),
        )
        for name, count in steps
    ]
    return bars(rows, caption, header=(_("Step"), _("Items, and their share of those in the first row")))


def _flow_note(flow: Flow) -> str:
    """Why a later step counts more than that of reading; empty where none does."""
    if max(flow.valued, flow.shared, flow.opened_there) <= flow.read:
        return ""
    return str(
        _("More can be kept, rated or shared than read: not everybody has it on the screen to its end first.")
    )


def _flow_words(whole: Flow, told: Flow) -> str:
    if not told.posted:
        words = _(
            "Of %(posted)s items, %(shared)s were carried further. Whether they were read is not told.",
            posted=number(whole.posted),
            shared=number(whole.shared),
        )
        return str(words)
    counts = {"posted": number(told.posted), "read": number(told.read), "shared": number(told.shared)}
    if not whole.untold:
        words = _(
            "Of %(posted)s items, %(read)s were read by another member, and %(shared)s were carried further.",
            **counts,
        )
        return str(words)
    words = _(
        "Of %(posted)s items whose reading is told, %(read)s were read by another member, and %(shared)s were carried "
        "further. Of %(more)s more it is not told whether they were read.",
        more=number(whole.untold),
        **counts,
    )
    return str(words)


def length_bars(lives: Lives) -> Chart:
    """How long threads get."""
    names = [_length(low, high) for low, high in LENGTHS]
    alone = lives.lengths[0]
    caption = Caption(
        key="lengths",
        title=_("How long threads get"),
        finding=_(
            "%(alone)s of %(all)s threads consist of their first contribution only.",
            alone=number(alone),
            all=number(lives.opened),
        ),
        description=_("A bar for each length, as long as the number of threads that have it."),
    )
    rows = [
        Bar(name=name, value=float(count), said=number(count))
        for name, count in zip(names, lives.lengths, strict=True)
    ]
    return bars(rows, caption, header=(_("Length"), _("Threads")))


def _length(low: int, high: int) -> str:
    """Between how many contributions threads of a length have; ``high`` 0 is no end."""
    if low == high:
        return str(ngettext("%(num)d contribution", "%(num)d contributions", low))
    if high:
        return str(_("%(low)d–%(high)d contributions", low=low, high=high))
    return str(_("%(number)d contributions or more", number=low))

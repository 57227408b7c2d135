"""The four monitors: widgets, network, sharing and reading, threads. For those who look after the community."""

from functools import partial
from types import ModuleType

from flask import render_template, request

from lmssocial_reporting.blueprint import Frame, bp, frame
from lmssocial_reporting.evidence.standing import standing_of
from lmssocial_reporting.monitors import pictures, words
from lmssocial_reporting.monitors.laying import DRAWN
from lmssocial_reporting.monitors.places import places_of
from lmssocial_reporting.monitors.reading import network_page, sharing_page, thread_page, widget_page
from lmssocial_reporting.profile.notes import not_yet
from lmssocial_reporting.scope import Scope, as_read, require_steward


@bp.get("/monitors/widgets")
def widget_monitor(placement_id: int) -> str:
    """Which widgets are used, and when."""
    del placement_id  # part of the address; lmssocial has read it
    here, of = looked_after()
    page = widget_page(here.session, here.store, of)
    return _page("widget_monitor", here, of, page, pictures.widget_charts(page))


@bp.get("/monitors/network")
def network_monitor(placement_id: int) -> str:
    """Who acts for whom, as figures and without names."""
    del placement_id
    here, of = looked_after()
    page = network_page(here.session, here.store, of, asked=request.args.get("picture", ""))
    return _page("network_monitor", here, of, page, pictures.network_charts(page))


@bp.get("/monitors/sharing")
def sharing_monitor(placement_id: int) -> str:
    """How what is written is read, kept and carried further."""
    del placement_id
    here, of = looked_after()
    page = sharing_page(here.session, here.store, of)
    return _page("sharing_monitor", here, of, page, pictures.sharing_charts(page))


@bp.get("/monitors/threads")
def thread_monitor(placement_id: int) -> str:
    """How soon threads are answered, and how many still wait."""
    del placement_id
    here, of = looked_after()
    page = thread_page(here.store, of)
    waits_at = page.whole.waits_at if page.whole else ()
    return _page(
        "thread_monitor",
        here,
        of,
        page,
        pictures.thread_charts(page),
        waits_at=[one for one in places_of(here.session, of) if one.placement_id in waits_at],
    )


def looked_after() -> tuple[Frame, Scope]:
    """Who looks at it, and of what it speaks: of several courses, those whose log is read.

    :raises NotAllowed: for who does not look after the community.
    """
    here = frame()
    require_steward(here.actor)
    return here, as_read(here.session, here.scope())


def _page(name: str, here: Frame, of: Scope, page: object, charts: object, **more: object) -> str:
    say: ModuleType = words
    standing = standing_of(here.session, of.course_ids, of.zone)
    return render_template(
        f"lmssocial_reporting/{name}.html",
        frame=here,
        of=of,
        behind=standing.behind,
        not_yet=partial(not_yet, standing, of.window()),
        page=page,
        charts=charts,
        say=say,
        drawn=DRAWN,
        **more,
    )

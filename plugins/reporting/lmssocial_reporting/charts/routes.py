"""Each picture by itself, for putting into documents."""

from collections.abc import Callable, Mapping, Sequence

from flask import Response, request

from lmssocial.plugin import NotFound
from lmssocial.plugin import gettext as _
from lmssocial_reporting.blueprint import Frame, bp, frame
from lmssocial_reporting.charts.chart import Chart
from lmssocial_reporting.charts.printing import for_print
from lmssocial_reporting.monitors import pictures
from lmssocial_reporting.monitors.reading import network_page, sharing_page, thread_page, widget_page
from lmssocial_reporting.profile.reading import profile_page
from lmssocial_reporting.scope import Scope, as_read, require_steward, scope_key
from lmssocial_reporting.skills.pictures import trying_bars
from lmssocial_reporting.skills.reading import skill_page
from lmssocial_reporting.targets.service import in_force

Draw = Callable[[Frame, Scope], Sequence[Chart]]


@bp.get("/chart/<key>.svg")
def chart_detail(placement_id: int, key: str) -> Response:
    """One picture with colours of its own, as a file.

    :raises NotFound: if there is none of this name, or it cannot be shown yet.
    :raises NotAllowed: if it stands on a page that the actor does not see.
    """
    del placement_id  # part of the address; lmssocial has read it
    draw = DRAWN_BY.get(key)
    if draw is None:
        raise NotFound(_("There is no such picture."))
    here = frame()
    of = here.scope()
    found = next((chart for chart in draw(here, of) if chart.key == key), None)
    if found is None:
        raise NotFound(_("This picture cannot be shown yet."))
    answer = Response(for_print(found), mimetype="image/svg+xml")
    answer.headers["Content-Disposition"] = f'attachment; filename="{key}-{of.window().last.isoformat()}.svg"'
    answer.add_etag()
    answer.make_conditional(request)
    return answer


def _profile(here: Frame, of: Scope) -> Sequence[Chart]:
    target = in_force(here.session, here.actor.tenant_id, scope_key(here.actor, of))
    return profile_page(here.session, here.store, of, target).charts


def _looked_after(here: Frame, of: Scope) -> Scope:
    """What the pages for those who look after a community speak of.

    :raises NotAllowed: for everybody else.
    """
    require_steward(here.actor)
    return as_read(here.session, of)


def _widgets(here: Frame, of: Scope) -> Sequence[Chart]:
    return pictures.widget_charts(widget_page(here.session, here.store, _looked_after(here, of)))


def _network(here: Frame, of: Scope) -> Sequence[Chart]:
    asked = request.args.get("picture", "")
    page = network_page(here.session, here.store, _looked_after(here, of), asked=asked)
    return pictures.network_charts(page)


def _sharing(here: Frame, of: Scope) -> Sequence[Chart]:
    return pictures.sharing_charts(sharing_page(here.session, here.store, _looked_after(here, of)))


def _threads(here: Frame, of: Scope) -> Sequence[Chart]:
    return pictures.thread_charts(thread_page(here.store, _looked_after(here, of)))


def _skills(here: Frame, of: Scope) -> Sequence[Chart]:
    support = skill_page(here.session, here.store, _looked_after(here, of), here.actor).support
    return [trying_bars(support)] if any(one.rates.trying is not None for one in support) else []


DRAWN_BY: Mapping[str, Draw] = {
    "roles": _profile,
    "acts": _profile,
    "trend": _profile,
    "uses": _widgets,
    "hours": _widgets,
    "ties": _network,
    "writing": _network,
    "flow": _sharing,
    "lengths": _threads,
    "trying": _skills,
}
"""Which page draws the picture of a key."""

"""The network of a scope for files, or the sentence why it is not written."""

from lmssocial.plugin import Conflict
from lmssocial.plugin import gettext as _
from lmssocial_reporting.blueprint import Frame
from lmssocial_reporting.definition import LEAST_MEMBERS
from lmssocial_reporting.evidence.standing import standing_of
from lmssocial_reporting.monitors.network import TIES
from lmssocial_reporting.people import Population
from lmssocial_reporting.profile.notes import not_yet
from lmssocial_reporting.report.graph import Graph, graph_of, refused_for
from lmssocial_reporting.scope import Scope, as_read, population
from lmssocial_reporting.store.port import Edge


def network_graph(asked: Frame, scope: Scope) -> Graph:
    """The ties that the page about the network speaks of, too.

    :raises Conflict: if people could be told from their shape.
    """
    members, edges = _read(asked, scope)
    graph = graph_of(members, edges, asked.settings.least_cell)
    if graph is None:
        raise Conflict(_why(asked, scope, members, edges), title=_("The network is not written"))
    return graph


def why_no_network(asked: Frame, scope: Scope) -> str:
    """Why there are no files of the network; empty where there are. A constant number of statements."""
    return _why(asked, scope, *_read(asked, scope))


def _read(asked: Frame, scope: Scope) -> tuple[Population, list[Edge]]:
    course_ids, window = as_read(asked.session, scope).course_ids, scope.window()
    members = population(asked.session, course_ids, window, asked.settings)
    return members, list(asked.store.edges(course_ids, window, TIES))  # who read whom is in no file


def _why(asked: Frame, scope: Scope, members: Population, edges: list[Edge]) -> str:
    least = asked.settings.least_cell
    refused = refused_for(members, edges, least)
    if refused == "members":
        standing = standing_of(asked.session, members.course_ids, scope.zone)
        return not_yet(standing, scope.window(), len(members.members)) or _(
            "There are fewer than %(least)d members: people could be told from the shape of their network, so it is "
            "not written.",
            least=LEAST_MEMBERS,
        )
    if refused == "few":
        return _("Fewer than %(least)d members have ties: the network is not written.", least=least)
    if refused == "alone":
        return _("The network is not written: one could count the few members who have no tie.")
    return ""

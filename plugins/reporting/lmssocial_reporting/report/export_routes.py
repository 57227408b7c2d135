"""The files: of the draft for stewards and staff, of a published report for its readers."""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from flask import Response
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from lmssocial.plugin import NotFound
from lmssocial.plugin_pages import download, whole_download
from lmssocial_reporting.blueprint import Frame, bp, frame
from lmssocial_reporting.definition import VERSION
from lmssocial_reporting.report.composing import caution
from lmssocial_reporting.report.document import Document
from lmssocial_reporting.report.drafting import draft_of
from lmssocial_reporting.report.graph import edge_csv, graphml
from lmssocial_reporting.report.networks import network_graph
from lmssocial_reporting.report.pdf import pdf_of
from lmssocial_reporting.report.place import place_of, title_of, written_here
from lmssocial_reporting.report.publish_routes import live, readable
from lmssocial_reporting.report.sheets import csv_of, xlsx_of
from lmssocial_reporting.scope import Scope

Writer = Callable[[Document, str], bytes]

WRITERS: Mapping[str, Writer] = MappingProxyType(
    {
        "pdf": lambda document, by: pdf_of(document, published_by=by),
        "csv": lambda document, _by: csv_of(document),
        "xlsx": lambda document, _by: xlsx_of(document),
        "json": lambda document, _by: document.to_json(indent=1).encode(),
    }
)
"""What a report is written as, by the end of the file's name; each takes the name of who published it."""


@bp.get("/reports/now.<kind>")
def draft_export(placement_id: int, kind: str) -> Response:
    """The draft, or the network of its window, as a file."""
    del placement_id
    asked = frame()
    scope = written_here(asked)
    if kind == "graphml":
        return _graphml(asked, scope)
    document = live(asked, scope, draft_of(asked.session, place_of(asked, scope)))
    return _file(document, kind, "")


@bp.get("/reports/now-edges.csv")
def edge_export(placement_id: int) -> Response:
    """The network of the window as a table of edges."""
    del placement_id
    asked = frame()
    scope = written_here(asked)
    content = edge_csv(network_graph(asked, scope), caution=caution(), definition=VERSION)
    return whole_download(content, "csv", _network_name(asked, scope), "network")


@bp.get("/reports/<int:report_id>.<kind>")
def report_export(placement_id: int, report_id: int, kind: str) -> Response:
    """A published report as a file.

    :raises NotFound: if the actor may not read it, or it was withdrawn and is not theirs to look after.
    """
    del placement_id
    _scope, entry, document = readable(frame(), report_id)
    if document is None:
        raise NotFound(_("This report was withdrawn."))
    return _file(document, kind, entry.published_by)


def _file(document: Document, kind: str, published_by: str) -> Response:
    if kind not in WRITERS:
        raise NotFound(_("Reports are not written in this format."))
    return whole_download(WRITERS[kind](document, published_by), kind, document.title, "report")


def _graphml(asked: Frame, scope: Scope) -> Response:
    graph, window = network_graph(asked, scope), scope.window()
    said = caution()

    def make(_session: Session) -> Iterator[str]:
        return graphml(
            graph,
            caution=said,
            definition=VERSION,
            first=window.first.isoformat(),
            last=window.last.isoformat(),
        )

    return download(make, "graphml", _network_name(asked, scope), "network")


def _network_name(asked: Frame, scope: Scope) -> str:
    return str(_("Network of %(scope)s", scope=title_of(asked, scope)))

"""The addresses of exports: a page that offers the files, and the files."""

from collections.abc import Callable, Iterator
from typing import Any

from flask import Blueprint, Response, render_template, request
from flask_babel import get_locale
from sqlalchemy.orm import Session

from lmssocial.core.kernel.errors import NotFound
from lmssocial.web import scope
from lmssocial.web.downloads import download
from lmssocial.web.marks import role_name
from lmssocial.web.program import program
from lmssocial.widgets.discussion.exporting import formats
from lmssocial.widgets.discussion.exporting.reading import Export, export_of, own_posts
from lmssocial.widgets.discussion.routes.blueprint import base, discussion


def register(bp: Blueprint) -> None:
    """Give the blueprint of the discussion the addresses of this module."""
    routes: tuple[tuple[str, Callable[..., Any]], ...] = (
        ("/export", export_list),
        ("/export/discussion.<kind>", export_discussion),
        ("/export/mine.<kind>", export_mine),
    )
    for rule, view in routes:
        bp.add_url_rule(rule, view_func=view, methods=["GET"])


def export_list(placement_id: int) -> str:
    """The files there are: for everybody their own posts, for staff everything."""
    place = discussion()
    own_posts(scope.session(), place.actor, placement_id)
    return render_template("discussion/exporting/export_list.html", base=base())


def export_discussion(placement_id: int, kind: str) -> Response:
    """All of the discussion, for staff."""
    place = discussion()
    private = request.args.get("private") == "1"
    export = export_of(scope.session(), place.actor, placement_id, private=private)
    return _file(export, kind, export.placement.title)


def export_mine(placement_id: int, kind: str) -> Response:
    """What somebody wrote themselves."""
    place = discussion()
    if kind == "csv":
        raise NotFound(reason="own posts come as JSON or a page")
    export = own_posts(scope.session(), place.actor, placement_id)
    return _file(export, kind, f"{export.placement.title} {place.actor.name}")


def _file(export: Export, kind: str, title: str) -> Response:
    """A file that is written while it is sent."""
    address = program().settings.public_url.rstrip("/")
    language = str(get_locale()).replace("_", "-")
    makers: dict[str, Callable[[Session], Iterator[str]]] = {
        "json": lambda session: formats.as_json(session, export),
        "csv": lambda session: formats.as_csv(session, export),
        "html": lambda session: formats.as_page(
            session, export, role_name=role_name, address=address, language=language
        ),
    }
    if kind not in makers:
        raise NotFound(reason=f"no export as {kind}")
    return download(makers[kind], kind, title, "discussion")

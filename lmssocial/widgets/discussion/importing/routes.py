"""The pages for bringing a past discussion in: hand in a file, see what it would become, do it, take it back."""

import hashlib
import re
from collections.abc import Callable, Mapping
from typing import Any, BinaryIO, cast
from urllib.parse import quote

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel.errors import Conflict, Gone, Invalid
from lmssocial.core.kernel.words import gettext as _
from lmssocial.core.storage import Missing, StorageFailed, new_key
from lmssocial.social.communities.scope import Here
from lmssocial.web import scope
from lmssocial.web.forms import ButtonForm
from lmssocial.web.program import program
from lmssocial.widgets.discussion.importing import access, making, saying, service, undoing
from lmssocial.widgets.discussion.importing.forms import UploadForm
from lmssocial.widgets.discussion.importing.matching import Member
from lmssocial.widgets.discussion.importing.past import Past, Unreadable
from lmssocial.widgets.discussion.importing.readers import read
from lmssocial.widgets.discussion.importing.service import Arrived, Prospect
from lmssocial.widgets.discussion.models import Import
from lmssocial.widgets.discussion.routes.blueprint import base, discussion

MAX_UPLOAD = 60_000_000
"""Bytes of a file that comes through a browser; larger ones come by the command line."""

MOST_POSTS = 20_000
"""Posts that are brought in while a browser waits."""

_NUMBERED = re.compile(r"#(\d{1,9})\s*$")


def register(bp: Blueprint) -> None:
    """Give the blueprint of the discussion the addresses of this module."""
    routes: tuple[tuple[str, str, Callable[..., Any]], ...] = (
        ("GET", "/import", import_list),
        ("POST", "/import", import_create),
        ("GET", "/import/<int:import_id>", import_detail),
        ("POST", "/import/<int:import_id>", import_make),
        ("GET", "/import/<int:import_id>/undo", import_undo),
        ("POST", "/import/<int:import_id>/undo", import_undo_post),
    )
    for method, rule, view in routes:
        bp.add_url_rule(rule, view_func=view, methods=[method])


def import_list(placement_id: int) -> Response:
    """A form for a file, and what was brought in before."""
    place = discussion()
    access.require_staff(scope.session(), place.actor, placement_id)
    return _list_page(placement_id, UploadForm())


def _list_page(placement_id: int, form: UploadForm, status: int = 200) -> Response:
    return make_response(
        render_template(
            "discussion/importing/import_list.html",
            form=form,
            imports=service.imports_of(scope.session(), placement_id),
            source_name=saying.source_name,
            most=MAX_UPLOAD // 1_000_000,
            base=base(),
        ),
        status,
    )


def import_create(placement_id: int) -> Response:
    """Take a file, understand it, and keep it until staff decide."""
    place = discussion()
    access.require_staff(scope.session(), place.actor, placement_id)
    request.max_content_length = MAX_UPLOAD + 1_000_000
    form = UploadForm(request.form)
    if not form.validate():
        return _list_page(placement_id, form, 422)
    try:
        import_id = _take_in(place, placement_id)
    except (Invalid, Conflict) as problem:
        form.file.errors = [problem.message]
        return _list_page(placement_id, form, problem.status)
    return redirect(
        url_for("discussion.import_detail", placement_id=placement_id, import_id=import_id), code=303
    )


def _take_in(place: Here, placement_id: int) -> int:
    chosen = request.files["file"]
    stream = cast("BinaryIO", chosen.stream)
    digest = hashlib.sha256()
    while chunk := stream.read(1 << 20):
        digest.update(chunk)
    service.refuse_twice(scope.session(), placement_id, digest.hexdigest())
    past = read(stream)
    if past.post_count > MOST_POSTS:
        raise Unreadable(
            _(
                "This file holds more than %(posts)d posts, which takes longer than a browser waits. Your "
                "administrator can bring it in with the command lmssocial import-discussion.",
                posts=MOST_POSTS,
            )
        )
    stream.seek(0)
    key = new_key()
    name = (chosen.filename or "").replace("\\", "/").rpartition("/")[2]
    arrived = Arrived(source=past.source, file_name=name, digest=digest.hexdigest(), storage_key=key)
    with unit_of_work(scope.session()) as session:
        import_id = service.keep(session, place.actor, placement_id, arrived).id
    try:
        program().files.put(key, stream.read())  # the row first: a file that no row knows would stay for ever
    except StorageFailed as failure:
        raise Invalid(
            _("The file could not be stored just now. Try again in a moment."), reason=str(failure)
        ) from failure
    return import_id


def import_detail(placement_id: int, import_id: int) -> Response:
    """What would come in, as whom, and what would be lost."""
    place = discussion()
    row = service.require_import(scope.session(), place.actor, placement_id, import_id)
    if row.made_at is not None:
        return redirect(url_for("discussion.import_list", placement_id=placement_id))
    prospect = service.look(scope.session(), place.actor, placement_id, _read_again(row))
    return _detail_page(row, prospect, prospect, {})


def _detail_page(
    row: Import, whole: Prospect, prospect: Prospect, errors: Mapping[int, str], status: int = 200
) -> Response:
    return make_response(
        render_template(
            "discussion/importing/import_detail.html",
            row=row,
            whole=whole,
            prospect=prospect,
            lost=saying.lost(prospect.arrangement.losses),
            reason=saying.reason,
            source=saying.source_name(row.source),
            given=request.form,
            chosen_parts=request.form.getlist("part") or list(whole.parts),
            errors=errors,
            form=ButtonForm(),
            base=base(),
        ),
        status,
    )


def _read_again(row: Import) -> Past:
    try:
        with program().files.open(row.storage_key or "") as file:
            return read(file)
    except Missing as missing:
        raise Gone(_("This file is not kept any more. Hand it in again."), reason=str(missing)) from missing


def import_make(placement_id: int, import_id: int) -> Response:
    """Bring it in, or show it again with the forums that were chosen, or forget it."""
    place, session = discussion(), scope.session()
    row = service.require_import(session, place.actor, placement_id, import_id)
    if row.made_at is not None:
        flash(_("This was brought in already."), "warn")
        return redirect(url_for("discussion.import_list", placement_id=placement_id), code=303)
    if not ButtonForm(request.form).validate():
        flash(_("This page had grown old, so nothing was brought in. Look at it again."), "warn")
        return redirect(
            url_for("discussion.import_detail", placement_id=placement_id, import_id=import_id), 303
        )
    if "forget" in request.form:
        return _forget(place, placement_id, import_id)
    past = _read_again(row)
    whole = service.look(session, place.actor, placement_id, past)
    parts = set(request.form.getlist("part")) or set(whole.parts)
    prospect = (
        whole if parts >= set(whole.parts) else service.look(session, place.actor, placement_id, past, parts)
    )
    chosen, errors = _chosen(prospect)
    if "again" in request.form or errors or not prospect.arrangement.threads:
        return _detail_page(row, whole, prospect, errors, 422 if errors else 200)
    return _bring_in(place, row, prospect, chosen)


def _bring_in(place: Here, row: Import, prospect: Prospect, chosen: Mapping[str, int | None]) -> Response:
    placement_id, import_id, key = row.placement_id, row.id, row.storage_key
    cooked = making.cook(prospect.arrangement)  # takes time, and holds no lock yet
    try:
        with unit_of_work(scope.session()) as session:
            fresh = service.require_import(session, place.actor, placement_id, import_id, to_change=True)
            service.make(session, place.actor, fresh, prospect, chosen, cooked)
    except Conflict as problem:
        flash(problem.message, "warn")
        return redirect(url_for("discussion.import_list", placement_id=placement_id), code=303)
    if key:
        program().files.delete(key)
    flash(_("Brought in. Everything counts as read, and nobody was notified."), "good")
    return redirect(url_for("discussion.thread_list", placement_id=placement_id), code=303)


def _chosen(prospect: Prospect) -> tuple[dict[str, int | None], dict[int, str]]:
    """Whom staff say the people are, by key; and what cannot be understood, by the person's place in the list."""
    by_id = {member.id: member for member in prospect.members}
    by_name: dict[str, list[Member]] = {}
    for member in prospect.members:
        by_name.setdefault(member.name.casefold(), []).append(member)
    chosen: dict[str, int | None] = {}
    errors: dict[int, str] = {}
    for number, one in enumerate(prospect.matches):
        # quoted, because browsers change the line ends in names of fields
        said = request.form.get(f"who-{quote(one.person.key)}")
        if said is None:
            continue
        found = _NUMBERED.search(said)
        named = by_name.get(said.strip().casefold(), [])
        if not said.strip():
            chosen[one.person.key] = None
        elif found and int(found.group(1)) in by_id:
            chosen[one.person.key] = int(found.group(1))
        elif len(named) == 1:
            chosen[one.person.key] = named[0].id
        else:
            errors[number] = _("There is no such member, or there are several. Choose one from the list.")
    return chosen, errors


def _forget(place: Here, placement_id: int, import_id: int) -> Response:
    with unit_of_work(scope.session()) as session:
        row = service.require_import(session, place.actor, placement_id, import_id, to_change=True)
        if row.made_at is None:
            if row.storage_key:
                program().files.delete(row.storage_key)
            session.delete(row)
    flash(_("The file was deleted. Nothing was brought in."), "good")
    return redirect(url_for("discussion.import_list", placement_id=placement_id), code=303)


def import_undo(placement_id: int, import_id: int) -> Response:
    """Asks whether it shall be taken back, or says why it cannot."""
    place = discussion()
    row = service.require_import(scope.session(), place.actor, placement_id, import_id)
    if row.made_at is None or row.undone_at is not None:
        return redirect(url_for("discussion.import_list", placement_id=placement_id))
    count = undoing.built_on(scope.session(), import_id)
    return make_response(
        render_template(
            "discussion/importing/import_undo.html",
            row=row,
            refusal=undoing.refusal(count) if count else "",
            form=ButtonForm(),
            base=base(),
        )
    )


def import_undo_post(placement_id: int, import_id: int) -> Response:
    """Take it back."""
    place = discussion()
    access.require_staff(scope.session(), place.actor, placement_id)
    if not ButtonForm(request.form).validate():
        flash(_("This page had grown old, so nothing was taken back. Please press the button again."), "warn")
        return redirect(
            url_for("discussion.import_undo", placement_id=placement_id, import_id=import_id), 303
        )
    try:
        with unit_of_work(scope.session()) as session:
            row = service.require_import(session, place.actor, placement_id, import_id, to_change=True)
            undoing.undo(session, place.actor, row)
    except Conflict as problem:
        flash(problem.message, "warn")
    else:
        flash(_("Taken back. What the import made is gone."), "good")
    return redirect(url_for("discussion.import_list", placement_id=placement_id), code=303)

"""The addresses behind every composer of expert connect."""

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel.words import gettext as _
from lmssocial.social.composing import attaching, previews
from lmssocial.social.composing.forms import ComposerForm, UnsentForm
from lmssocial.social.content import unsent
from lmssocial.web import scope
from lmssocial.web.forms import ButtonForm
from lmssocial.widgets.experts.blueprint import experts
from lmssocial.widgets.experts.drafting.targets import For, desk_for

QUESTION, ANSWER = "experts.question", "experts.answer"


def register(bp: Blueprint) -> None:
    """Put the addresses into the blueprint."""
    bp.before_request(attaching.let_files_in)
    bp.add_url_rule("/drafts/<target>", view_func=draft_save, methods=["POST"])
    bp.add_url_rule("/drafts/<target>/discard", view_func=draft_discard, methods=["POST"])
    bp.add_url_rule("/drafts/<target>/files", view_func=file_attach, methods=["POST"])
    bp.add_url_rule("/preview", view_func=preview, methods=["POST"])


def draft_save(placement_id: int, target: str) -> tuple[str, int]:
    """Keep what somebody is writing: 204 if it was kept, 409 if a newer text is there, 422 if it was not understood."""
    del placement_id  # part of the address; the scope has read it
    place, form = experts(), UnsentForm(request.form)
    desk = desk_for(scope.session(), place, target)
    if not form.validate():
        return "", 422
    with unit_of_work(scope.session()) as session:
        kept = unsent.save_draft(session, desk.actor, form.draft(target))
    return "", 204 if kept else 409


def draft_discard(placement_id: int, target: str) -> Response:
    """Forget what somebody was writing, and lead to where they can begin again."""
    place = experts()
    desk_for(scope.session(), place, target)
    if ButtonForm(request.form).validate():
        with unit_of_work(scope.session()) as session:
            unsent.discard_draft(session, place.actor, target)
        flash(_("The draft is discarded."))
    else:
        flash(_("This page had grown old, so nothing was discarded. Please press the button again."), "warn")
    return redirect(_back(placement_id, target), code=303)


def _back(placement_id: int, target: str) -> str:
    what, number = target.split(":")
    if what == For.ASK:
        return url_for("experts.question_create", placement_id=placement_id)
    if what == For.QUESTION:
        return url_for("experts.question_edit", placement_id=placement_id, question_id=int(number))
    if what in (For.ANSWER, For.MESSAGE):
        return url_for("experts.question_detail", placement_id=placement_id, question_id=int(number))
    if what == For.INTRODUCTION:
        return url_for("experts.introduction_detail", placement_id=placement_id, introduction_id=int(number))
    return url_for("experts.home", placement_id=placement_id)


def file_attach(placement_id: int, target: str) -> ResponseReturnValue:
    """Attach a file to what is being written; answers with the Markdown for it, or with why not."""
    del placement_id
    place = experts()
    return attaching.attach_alone(desk_for(scope.session(), place, target))


def preview(placement_id: int) -> str:
    """What a text will look like; for the button in a composer."""
    del placement_id
    form, title = ComposerForm(request.form), request.form.get("title", "")
    kind = QUESTION if title else ANSWER
    return previews.show(previews.preview_of(form, experts(), kind, title, names=False))

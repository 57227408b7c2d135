"""Attaching files: by a button of the composer without scripts, by dropping and pasting with them.

Whether somebody may write what the file is for is the widget's to ask, before it calls any of these.
"""

from contextlib import suppress
from dataclasses import dataclass

from flask import request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from lmssocial.core.db import unit_of_work
from lmssocial.core.hooks import Ruling
from lmssocial.core.kernel.errors import Invalid
from lmssocial.core.kernel.words import gettext as _
from lmssocial.core.storage import StorageFailed
from lmssocial.social.communities.scope import Here
from lmssocial.social.composing.forms import ComposerForm, UploadForm
from lmssocial.social.content import attachments, unsent
from lmssocial.social.content.drafts import Unsent
from lmssocial.social.content.files import FileView
from lmssocial.social.content.media import Refused
from lmssocial.social.content.uploads import Upload, examine
from lmssocial.social.moderation.attachment_screening import (
    handed_in,
    kept,
    note_failures,
    require_not_refused,
)
from lmssocial.social.moderation.request import screen_file_here
from lmssocial.web import scope
from lmssocial.web.program import program

READ_ANYWAY = 4
"""How many times the limit a request may have and still be read, so that a refusal can give the text back."""
WRITTEN = 1_000_000
"""Bytes for everything else in the form."""


@dataclass(frozen=True)
class Attached:
    """A file that was attached, and what the policies tell its author."""

    file: FileView
    messages: tuple[str, ...]


def let_files_in() -> None:
    """Before a request of a blueprint that takes files: a form with one may be larger than any other.

    Nothing of the request was read yet.
    """
    if request.mimetype == "multipart/form-data":
        request.max_content_length = READ_ANYWAY * program().settings.attachment_limit + WRITTEN


def attach_alone(place: Here) -> ResponseReturnValue:
    """Attach the file that a script sent without the rest; answers with the Markdown for it, or with why not."""
    form = UploadForm(request.form)
    if not form.validate():
        return {"message": " ".join(form["csrf_token"].errors)}, 422
    try:
        done = attach(place, _upload(form))
    except Invalid as refusal:
        return {"message": refusal.message}, refusal.status
    return {"markdown": done.file.markdown, "name": done.file.name, "messages": list(done.messages)}, 201


def attach_to(form: ComposerForm, place: Here, target: str) -> int:
    """Attach the file that was chosen in a composer, put it at the end of the text, and save that as a draft.

    What was attached, or why it was not, is said beside the field. Answers the status of the page.

    :param target: the draft's name.
    """
    form.file.errors = []
    if not form["csrf_token"].validate(form):
        return 422
    try:
        done = attach(place, _upload(form))
    except Invalid as refusal:
        form.file.errors = [refusal.message]
        return refusal.status
    form.attached = done
    form.source.data = f"{(form.source.data or '').rstrip()}\n\n{done.file.markdown}\n".lstrip("\n")
    form.alt.data, form.decorative.data = "", False
    _save(form, place, target)
    return 200


def attach(place: Here, upload: Upload) -> Attached:
    """Examine a file, ask the policies about it, and keep it for what its author is writing.

    The row is written first: a file in the store that no row knows would stay there for ever.

    :raises Refused: if it cannot be attached, or could not be stored.
    """
    actor, session = place.actor, scope.session()
    file = examine(upload, limit=program().settings.attachment_limit)
    screening = screen_file_here()(handed_in(actor, upload, file.name))
    require_not_refused(screening)
    held = screening.ruling is Ruling.HOLD
    with unit_of_work(session):
        note_failures(session, actor, screening)
        row = attachments.add(session, actor, place.placement_id, file, held=held, verdicts=kept(screening))
        view, key = attachments.view(row), row.storage_key
    try:
        program().files.put(key, file.data)
    except StorageFailed as failure:
        _take_back(view.id, key)
        message = _("The file could not be stored just now, so it was not attached. Try again in a moment.")
        raise Refused(message, reason=str(failure)) from failure
    return Attached(view, tuple(str(message) for message in screening.messages))


def _take_back(file_id: int, key: str) -> None:
    """Forget a file that could not be stored; one of which that is not certain keeps its row until it is swept."""
    with suppress(StorageFailed):
        program().files.delete(key)  # an answer may be late or lost, and the file there
        with unit_of_work(scope.session()) as session:
            attachments.forget(session, file_id)


def _upload(form: ComposerForm | UploadForm) -> Upload:
    """The file of this request, read as far as the limit and one byte more, by which :func:`examine` notices.

    :raises Refused: if none was chosen.
    """
    chosen = request.files.get(form.file.name)
    if not isinstance(chosen, FileStorage) or not chosen.filename:
        raise Refused(_("Choose a file first."), reason="no file")
    return Upload(
        name=chosen.filename,
        declared_type=chosen.mimetype or "",
        data=chosen.stream.read(program().settings.attachment_limit + 1),
        alt=form.alt.data or "",
        decorative=bool(form.decorative.data),
    )


def _save(form: ComposerForm, place: Here, target: str) -> None:
    title = form["title"].data if "title" in form else ""
    with unit_of_work(scope.session()) as session:
        before = unsent.draft_for(session, place.actor, target)
        draft = Unsent(
            target=target,
            title=title or "",
            source=form.source.data or "",
            sequence=(before.sequence if before else 0) + 1,
        )
        unsent.save_draft(session, place.actor, draft)

"""The address of a file: asked for by its rights each time, and never a page in our name.

Whatever somebody uploaded is sent so that no browser takes it for a part of this site: the type we found, never
guessed anew; pictures, which we drew ourselves, to be shown, and everything else to be saved; under a policy that lets
it run, load and frame nothing. Why the address is the same for everybody is told in :mod:`.files`.
"""

from flask import Blueprint, request, send_file
from werkzeug.exceptions import RequestedRangeNotSatisfiable
from werkzeug.wrappers import Response

from lmssocial.core.kernel.errors import Gone
from lmssocial.core.kernel.words import gettext as _
from lmssocial.core.storage import Missing
from lmssocial.social.communities.scope import Here, here
from lmssocial.social.content import attachments
from lmssocial.social.content.attachment_models import Attachment
from lmssocial.web import scope
from lmssocial.web.program import program

bp = Blueprint("content", __name__)

HARMLESS = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""Nothing may run, load, be sent or open windows; browsers style the page they put around a bare picture."""


@bp.get("/w/<int:placement_id>/files/<int:file_id>")
def file_detail(placement_id: int, file_id: int) -> Response:
    """A file, for who may read what it belongs to."""
    place = here()
    file = attachments.file_for(scope.session(), place.actor, placement_id, file_id)
    if file.contribution_id is not None and not _reads(place, file.contribution_id):
        raise attachments.no_file(place.actor, file_id)
    try:
        response = _sent(file)
    except Missing as missing:
        raise Gone(_("This file is not there any more."), reason=str(missing)) from missing
    headers = response.headers
    headers["Content-Security-Policy"] = HARMLESS
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    # Kept by this browser alone, and shown again only after the rights were asked again.
    headers["Cache-Control"] = "private, no-cache"
    return response


def _reads(place: Here, contribution_id: int) -> bool:
    """Whether the widget says that the actor reads the words the file belongs to."""
    widget = program().widgets.get(place.widget)
    if widget is None or widget.reads is None:
        return False
    return widget.reads(scope.session(), place.actor, contribution_id)


def _sent(file: Attachment) -> Response:
    """The file's bytes, or 304 for a browser that has them; ranges for players and broken downloads."""
    view = attachments.view(file)
    response = send_file(
        program().files.open(file.storage_key),
        mimetype=file.media_type,
        as_attachment=not view.is_picture,
        download_name=file.name,
        etag=file.digest[:32],
        last_modified=file.created_at,
        conditional=False,
    )
    response.content_length = file.size
    try:
        return response.make_conditional(request.environ, accept_ranges=True, complete_length=file.size)
    except RequestedRangeNotSatisfiable:
        response.close()
        raise

"""The two addresses of a file: one asks for rights and leads on, the other is signed, short-lived, and has the bytes.

Whatever somebody uploaded is sent so that no browser takes it for a part of this site: the type we found, never
guessed anew; pictures, which we drew ourselves, to be shown, and everything else to be saved; under a policy that
lets it run, load and frame nothing. Why the first address is the same for everybody is told in :mod:`.files`, what the
second one is worth in :mod:`.signed`.
"""

import unicodedata
from typing import BinaryIO
from urllib.parse import quote

from flask import Blueprint, current_app, jsonify, redirect, request, send_file, url_for
from werkzeug.exceptions import RequestedRangeNotSatisfiable
from werkzeug.http import dump_options_header
from werkzeug.wrappers import Response

from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import Gone, Unavailable
from lmssocial.core.kernel.words import gettext as _
from lmssocial.core.storage import Missing, Sending, StorageFailed
from lmssocial.social.communities.scope import Here, here
from lmssocial.social.content import attachments, signed
from lmssocial.social.content.attachment_models import Attachment
from lmssocial.web import scope
from lmssocial.web.program import program
from lmssocial.web.security import frame_by

bp = Blueprint("files", __name__)

HARMLESS = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""Nothing may run, load, be sent or open windows; browsers style the page they put around a bare picture."""


@bp.get("/w/<int:placement_id>/files/<int:file_id>")
def file_detail(placement_id: int, file_id: int) -> Response:
    """A file, for who may read what it belongs to: leads to where it can be fetched for some minutes."""
    place, session = here(), scope.session()
    file = attachments.file_for(session, place.actor, placement_id, file_id)
    if file.contribution_id is not None and not _reads(place, file.contribution_id):
        raise attachments.no_file(place.actor, file_id)
    address = program().files.address(file.storage_key, _sending(file))
    if address is None:
        stamp = attachments.stamped(session, file)
        token = signed.sign(str(current_app.secret_key), file.id, stamp, clock.now())
        address = url_for("files.file_signed", token=token)
    wanted = request.accept_mimetypes.best_match(["text/html", "application/json"], "text/html")
    # A page without cookies asks by script, and a script cannot see where a redirect leads (decision 26).
    response = jsonify(url=address) if wanted == "application/json" else redirect(address, code=302)
    response.headers["Cache-Control"] = "private, no-store"  # the rights are asked each time
    return response


@bp.get("/files/<token>")
def file_signed(token: str) -> Response:
    """The bytes, for whoever was led here within the last minutes: no sign-in is asked for, and no cookie set."""
    frame_by("*")  # there is nothing to press, and the frame it was opened in is whoever's it was
    now = clock.now()
    ticket = signed.read(str(current_app.secret_key), token, now)
    file = None if ticket is None else attachments.by_id(scope.session(), ticket.file_id)
    if ticket is None or file is None or attachments.stamped(scope.session(), file) != ticket.stamp:
        raise Gone(_("This link to a file is over. Open the post it belongs to, and follow the link there."))
    response = _sent(file)
    headers = response.headers
    headers["Content-Security-Policy"] = HARMLESS
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    # Kept by this browser alone, and no longer than the address is good.
    headers["Cache-Control"] = f"private, max-age={int((ticket.until - now).total_seconds())}"
    return response


def _reads(place: Here, contribution_id: int) -> bool:
    """Whether the widget says that the actor reads the words the file belongs to."""
    widget = program().widgets.get(place.widget)
    if widget is None or widget.reads is None:
        return False
    return widget.reads(scope.session(), place.actor, contribution_id)


def _sending(file: Attachment) -> Sending:
    shown = attachments.view(file).is_picture
    return Sending(
        media_type=file.media_type,
        disposition=disposition("inline" if shown else "attachment", file.name),
        since=signed.window(clock.now()),
        lasts=signed.LASTS,
    )


def disposition(what: str, name: str) -> str:
    """The header Content-Disposition in ASCII: a plain name, and beside it the true one (RFC 6266 §4.3)."""
    if name.isascii():
        return dump_options_header(what, {"filename": name})
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return dump_options_header(what, {"filename": plain, "filename*": f"UTF-8''{quote(name, safe='')}"})


def _sent(file: Attachment) -> Response:
    """The file's bytes, or 304 for a browser that has them; ranges for players and broken downloads."""
    response = send_file(
        _opened(file),
        mimetype=file.media_type,
        as_attachment=not attachments.view(file).is_picture,
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


def _opened(file: Attachment) -> BinaryIO:
    try:
        return program().files.open(file.storage_key)
    except Missing as missing:
        raise Gone(_("This file is not there any more."), reason=str(missing)) from missing
    except StorageFailed as failure:
        raise Unavailable(
            _("The place where files are kept does not answer. Try again in a moment."), reason=str(failure)
        ) from failure

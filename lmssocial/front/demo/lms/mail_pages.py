"""The mail that the tool would have sent: the demo has no mail server, and everybody may look."""

from flask import Blueprint, Response, abort, render_template

from lmssocial.core.mail import folder
from lmssocial.front.demo.lms.campus import campus, signed_in

bp = Blueprint("mail", __name__)

SHOWN = 100
"""Letters in the list, the newest first."""
LETTER_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'none'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox"
)
"""Letters carry their styles in their elements, as mail programs want it, and nothing else may happen in one."""


@bp.get("/mail")
def mail_list() -> str:
    """Every letter, the newest first; those to whom the visitor is are marked."""
    names = folder.names(campus().mail_dir)
    letters = [letter for name in names[:SHOWN] if (letter := folder.read(campus().mail_dir, name))]
    people = {person.email: person.name for person in campus().cast.people}
    return render_template("demo/mail_list.html", me=signed_in(), letters=letters, people=people)


@bp.get("/mail/<name>")
def mail_detail(name: str) -> str:
    """One letter: as a page, and as plain text."""
    return render_template("demo/mail_detail.html", me=signed_in(), letter=_letter(name))


@bp.get("/mail/<name>/page")
def mail_page(name: str) -> Response:
    """The page in a letter, for a frame in which it can do nothing."""
    response = Response(_letter(name).html, mimetype="text/html")
    response.headers["Content-Security-Policy"] = LETTER_POLICY
    return response


def _letter(name: str) -> folder.KeptLetter:
    letter = folder.read(campus().mail_dir, name)
    if letter is None:
        abort(404, "This letter is gone: only the newest are kept.")
    return letter

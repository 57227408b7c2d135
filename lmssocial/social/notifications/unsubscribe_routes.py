"""``/mail/unsubscribe/…``: the page behind the link in each mail, and the one click of mail programs (RFC 8058).

No sign-in and no token against forged forms: the signature in the address is the authority, and mail programs send
the POST without ever having seen a page of ours. Opening the address changes nothing, for mail scanners open it too.
"""

from flask import Blueprint, current_app, render_template, request
from sqlalchemy import select

from lmssocial.core.db import unit_of_work
from lmssocial.lms.identity.models import User
from lmssocial.social.communities.models import Community
from lmssocial.social.notifications.routes import registry
from lmssocial.social.notifications.unsubscribing import ALL, KIND, Stop, Unsubscribing, stop_mail
from lmssocial.web import scope
from lmssocial.web.program import program

bp = Blueprint("mail", __name__, url_prefix="/mail")


@bp.get("/unsubscribe/<token>")
def unsubscribe(token: str) -> str:
    """Say what the buttons do."""
    return _page(_addresses().read(token), token, done="")


@bp.post("/unsubscribe/<token>")
def unsubscribe_done(token: str) -> str:
    """Stop it. The button for all mail says so; the one click of a mail program stops what the address names."""
    stop = _addresses().read(token)
    if request.form.get("what") == ALL:
        stop = Stop(stop.user_id)
    with unit_of_work(scope.session()) as session:
        stop_mail(session, stop)
    return _page(stop, token, done=stop.what)


def _addresses() -> Unsubscribing:
    return Unsubscribing(str(current_app.secret_key), program().settings.public_url)


def _page(stop: Stop, token: str, done: str) -> str:
    session = scope.session()
    kind = registry().kinds.get(stop.kind)
    return render_template(
        "notifications/unsubscribe.html",
        token=token,
        stop=stop,
        done=done,
        kind=kind.label if kind else stop.kind,
        community=session.scalar(select(Community.title).where(Community.id == stop.community_id))
        if stop.what == KIND
        else "",
        address=session.scalar(select(User.email).where(User.id == stop.user_id)) or "",
    )

"""What can be mended about a platform: fetch its keys now, ask for its notices again."""

from flask import flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lmssocial.core.db import unit_of_work
from lmssocial.front.admin import platform_state, platforms
from lmssocial.front.admin.gate import bp, me, pressed
from lmssocial.front.admin.log import note
from lmssocial.lms.identity.directory import platform_of
from lmssocial.lms.lti.platform_keys import RETRY_UNKNOWN, PlatformKeys
from lmssocial.web import scope
from lmssocial.web.program import program


@bp.post("/platforms/<int:platform_id>/keys")
def platform_keys_fetch(platform_id: int) -> Response:
    """Ask a platform for its keys now; no more often than launches may make us ask."""
    found = platforms.platform(scope.session(), platform_id)
    if pressed():
        name, asked = found.name, platform_of(found)
        keys = PlatformKeys(lambda: unit_of_work(scope.session()), program().outbound).refresh(asked)
        if keys is not None:
            with unit_of_work(scope.session()) as session:
                note(session, me().by, "platform.keys_fetched", name)
        if keys is None:
            flash(
                _(
                    "We asked less than %(seconds)s seconds ago, and nobody may make us ask more often. "
                    "Try again in a moment.",
                    seconds=int(RETRY_UNKNOWN.total_seconds()),
                ),
                "warn",
            )
        elif keys.failure:
            flash(_("The keys could not be fetched: %(why)s", why=keys.failure), "bad")
        else:
            flash(_("The keys are fetched."), "good")
    return _back(platform_id)


@bp.post("/platforms/<int:platform_id>/notices")
def platform_notices_ask(platform_id: int) -> Response:
    """Have a platform asked once more for its notices."""
    if pressed():
        with unit_of_work(scope.session()) as session:
            count = platform_state.ask_for_notices(session, me().by, platform_id)
        if count:
            flash(_("The platform is asked for its notices in a moment."), "good")
        else:
            flash(_("The platform has not offered any notices; a launch tells when it does."), "warn")
    return _back(platform_id)


def _back(platform_id: int) -> Response:
    return redirect(url_for("admin.platform_detail", platform_id=platform_id, _anchor="state"), code=303)

"""Health and signing keys."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel import clock
from lmssocial.front.admin.forms import ConfirmForm
from lmssocial.front.admin.gate import bp, me, pressed
from lmssocial.front.admin.log import note
from lmssocial.front.health.checks import examine
from lmssocial.front.health.routes import EXTENSION
from lmssocial.lms.lti import tool_keys
from lmssocial.lms.lti.models import ToolKey
from lmssocial.web import scope
from lmssocial.web.program import program

OLD = timedelta(days=365)
"""After this a key is called old."""


@bp.get("/health")
def health() -> str:
    """Everything ``lmssocial doctor`` looks at."""
    return render_template("admin/health.html", findings=examine(current_app.extensions[EXTENSION]))


@bp.get("/keys")
def key_list() -> str:
    """The keys we sign with."""
    return _page(_replacement())


@bp.post("/keys/rotate")
def key_rotate() -> Response:
    """Make a new key that takes over in a day."""
    if pressed():
        with unit_of_work(scope.session()) as session:
            tool_keys.forget_retired(session)
            note(session, me().by, "key.rotated", tool_keys.rotate(session, program().secret_box))
        flash(
            _("The new key is published now and signs from tomorrow on. Nothing else is to be done."), "good"
        )
    return redirect(url_for("admin.key_list"), code=303)


@bp.post("/keys/replace")
def key_replace() -> Response | tuple[str, int]:
    """Forget every key and make a new one that signs at once."""
    form = _replacement()
    if not form.validate():
        return _page(form), 422
    with unit_of_work(scope.session()) as session:
        note(session, me().by, "key.replaced", tool_keys.replace_all(session, program().secret_box))
    flash(
        _("One new key signs from now on. Platforms that keep our keys refuse us until they ask again."),
        "warn",
    )
    return redirect(url_for("admin.key_list"), code=303)


def _replacement() -> ConfirmForm:
    return ConfirmForm(request.form, prefix="replace-", name=_("replace"))


def _page(form: ConfirmForm) -> str:
    now = clock.now()
    rows = tool_keys.list_keys(scope.session())
    signing = tool_keys.signing_kid(scope.session())
    return render_template(
        "admin/key_list.html",
        keys=rows,
        signing=signing,
        signs_from=_signs_from(rows),
        known_after=tool_keys.KNOWN_AFTER,
        now=now,
        old=OLD,
        form=form,
    )


def _signs_from(keys: Sequence[ToolKey]) -> dict[str, datetime]:
    """When each key takes over from its predecessor, by its id; not in it if it has none."""
    known = [(key.retired_at, key.kid) for key in keys if key.retired_at is not None]
    in_turn = [*sorted(known), *((None, key.kid) for key in keys if key.retired_at is None)]
    return {kid: before for (before, _kid), (_at, kid) in pairwise(in_turn) if before is not None}

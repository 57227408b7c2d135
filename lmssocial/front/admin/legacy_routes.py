"""What a platform had in LTI 1.1: keys and secrets, with which it proves who was who (LTI 1.3 Migration Guide)."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel.errors import Conflict
from lmssocial.front.admin import platforms
from lmssocial.front.admin.gate import bp, me, pressed
from lmssocial.front.admin.log import note
from lmssocial.lms.identity import legacy
from lmssocial.web import scope
from lmssocial.web.forms import SafeForm
from lmssocial.web.program import program


class ConsumerForm(SafeForm):
    """A key of LTI 1.1 and its secret."""

    key = StringField(
        _l("Consumer key"),
        [
            InputRequired(_l("What is the key called?")),
            Length(max=255, message=_l("At most 255 characters, please.")),
        ],
        filters=[lambda typed: (typed or "").strip()],
        description=_l("As it stood in the LMS while this tool was connected by LTI 1.1."),
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    secret = PasswordField(
        _l("Shared secret"),
        [
            InputRequired(_l("What is the secret of the key?")),
            Length(max=1000, message=_l("At most 1000 characters, please.")),
        ],
        description=_l("It is kept sealed and never shown again."),
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )


@bp.context_processor
def _legacy() -> dict[str, Any]:
    """For the section of a platform's page."""
    return {"legacy_consumers": lambda platform_id: legacy.consumers(scope.session(), platform_id)}


@bp.route("/platforms/<int:platform_id>/lti11/new", methods=["GET", "POST"])
def legacy_create(platform_id: int) -> Response | str | tuple[str, int]:
    """Let a platform prove what LTI 1.1 called people, courses and links."""
    platform = platforms.platform(scope.session(), platform_id)
    form = ConsumerForm(request.form)
    if request.method == "GET":
        return render_template("admin/legacy_create.html", form=form, platform=platform)
    if form.validate():
        key = str(form.key.data)
        try:
            with unit_of_work(scope.session()) as session:
                legacy.add_consumer(session, program().secret_box, platform_id, key, str(form.secret.data))
                note(session, me().by, "platform.legacy_key_added", f"{platform.name}, {key}")
        except Conflict as conflict:
            form.key.errors = [conflict.message]
        else:
            flash(_("The key %(key)s is known now.", key=key), "good")
            return _back(platform_id)
    return render_template("admin/legacy_create.html", form=form, platform=platform), 422


@bp.post("/platforms/<int:platform_id>/lti11/<int:consumer_id>/remove")
def legacy_remove(platform_id: int, consumer_id: int) -> Response:
    """Believe nothing more that is signed with this key."""
    name = platforms.platform(scope.session(), platform_id).name
    if pressed():
        with unit_of_work(scope.session()) as session:
            key = legacy.remove_consumer(session, platform_id, consumer_id)
            if key:
                note(session, me().by, "platform.legacy_key_removed", f"{name}, {key}")
        if key:
            flash(_("The key %(key)s is removed. Who was recognised by it stays so.", key=key), "good")
    return _back(platform_id)


def _back(platform_id: int) -> Response:
    return redirect(url_for("admin.platform_detail", platform_id=platform_id, _anchor="lti11"), code=303)

"""What the composer of a work needs: keeping a draft, attaching files, a preview."""

from flask import Blueprint, flash, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel.errors import NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.social.communities.scope import Here
from lmssocial.social.composing import attaching, previews
from lmssocial.social.composing.forms import ComposerForm, UnsentForm
from lmssocial.social.content import unsent
from lmssocial.web import scope
from lmssocial.web.forms import ButtonForm
from lmssocial.widgets.peer_rating import access
from lmssocial.widgets.peer_rating.activities import running
from lmssocial.widgets.peer_rating.blueprint import base, peer_rating
from lmssocial.widgets.peer_rating.works.drafts import target_of
from lmssocial.widgets.peer_rating.works.entering import WORK
from lmssocial.widgets.peer_rating.works.queries import own_work


def register(bp: Blueprint) -> None:
    """Put the addresses into the blueprint."""
    bp.before_request(attaching.let_files_in)
    bp.add_url_rule("/drafts/<target>", view_func=draft_save, methods=["POST"])
    bp.add_url_rule("/drafts/<target>/discard", view_func=draft_discard, methods=["POST"])
    bp.add_url_rule("/drafts/<target>/files", view_func=file_attach, methods=["POST"])
    bp.add_url_rule("/preview", view_func=preview, methods=["POST"])


def require_target(place: Here, target: str) -> None:
    """Go on only if the actor may write for this target.

    :raises NotFound: if there is no such target for them.
    """
    running(scope.session(), place.actor, place.placement_id)
    if target != target_of(place.placement_id) or not access.takes_part(place.actor):
        raise NotFound(reason=f"user {place.actor.user_id} writes nothing for {target}")


def draft_save(placement_id: int, target: str) -> tuple[str, int]:
    """Keep what somebody is writing: 204 if it was kept, 409 if a newer text is there, 422 if it was not understood."""
    del placement_id  # part of the address; the scope has read it
    place, form = peer_rating(), UnsentForm(request.form)
    require_target(place, target)
    if not form.validate():
        return "", 422
    with unit_of_work(scope.session()) as session:
        kept = unsent.save_draft(session, place.actor, form.draft(target))
    return "", 204 if kept else 409


def draft_discard(placement_id: int, target: str) -> Response:
    """Forget what somebody was writing."""
    del placement_id
    place = peer_rating()
    require_target(place, target)
    if ButtonForm(request.form).validate():
        with unit_of_work(scope.session()) as session:
            unsent.discard_draft(session, place.actor, target)
        flash(_("The draft is discarded."))
    else:
        flash(_("This page had grown old, so nothing was discarded. Please press the button again."), "warn")
    return redirect(f"{base(place)}/work", code=303)


def file_attach(placement_id: int, target: str) -> ResponseReturnValue:
    """Attach a file to what is being written; answers with the Markdown for it, or with why not."""
    del placement_id
    place = peer_rating()
    require_target(place, target)
    return attaching.attach_alone(place)


def preview(placement_id: int) -> str:
    """What a work will look like; for the button in the composer."""
    place = peer_rating()
    own = own_work(scope.session(), place.actor, placement_id)
    form, title = ComposerForm(request.form), request.form.get("title", "")
    of = own.contribution_id if own else None
    return previews.show(previews.preview_of(form, place, WORK, title, names=False, of=of))

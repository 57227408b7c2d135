"""Attaching files to posts, by :mod:`lmssocial.social.composing.attaching`."""

from flask.typing import ResponseReturnValue

from lmssocial.social.communities.scope import Here
from lmssocial.social.composing import attaching
from lmssocial.social.composing.forms import ComposerForm
from lmssocial.web import scope
from lmssocial.widgets.discussion import access
from lmssocial.widgets.discussion.routes.blueprint import bp, discussion

bp.before_request(attaching.let_files_in)


@bp.post("/drafts/<target>/files")
def file_attach(placement_id: int, target: str) -> ResponseReturnValue:
    """Attach a file to what is being written; answers with the Markdown for it, or with why not."""
    place = discussion()
    access.require_draft_target(scope.session(), place.actor, placement_id, target)
    return attaching.attach_alone(place)


def attach_to(form: ComposerForm, place: Here, target: str) -> int:
    """Attach the file that was chosen in a composer; answers the status of the page.

    :raises NotFound: if there is no such target for the actor.
    """
    access.require_draft_target(scope.session(), place.actor, place.placement_id, target)
    return attaching.attach_to(form, place, target)

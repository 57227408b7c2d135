"""What a post will look like, by :mod:`lmssocial.social.composing.previews`."""

from flask import request

from lmssocial.social.composing import previews
from lmssocial.social.composing.forms import ComposerForm
from lmssocial.social.composing.previews import Preview
from lmssocial.widgets.discussion import handing_in
from lmssocial.widgets.discussion.routes.blueprint import bp, discussion


@bp.post("/preview")
def preview(placement_id: int) -> str:  # noqa: ARG001 – part of the address; the scope has read it
    """What a text will look like; for the button in a composer."""
    discussion()
    return previews.show(preview_of(ComposerForm(request.form)))


def preview_of(form: ComposerForm) -> Preview:
    """What the text in ``form`` will look like, and what its author should know before they hand it in."""
    kind = handing_in.THREAD if "title" in request.form else handing_in.REPLY
    return previews.preview_of(form, discussion(), kind, request.form.get("title", ""))

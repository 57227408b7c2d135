"""What a text will look like, with what the policies advise while there is still time. Nothing here stops anybody."""

from dataclasses import dataclass

from flask import render_template, request

from lmssocial.core.hooks import Moment, Ruling
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.content import connections, writing
from lmssocial.social.content.drafts import Writing
from lmssocial.social.content.markdown import render
from lmssocial.social.content.text import tidy, tidy_line
from lmssocial.social.moderation.reasons import Objection, advice
from lmssocial.social.moderation.request import screen_here
from lmssocial.social.moderation.tiers import effective
from lmssocial.web import scope
from lmssocial.widgets.discussion import handing_in
from lmssocial.widgets.discussion.forms import ComposerForm
from lmssocial.widgets.discussion.routes.blueprint import bp, discussion


@dataclass(frozen=True)
class Preview:
    """What a text will look like."""

    html: str = ""
    """Cooked; empty if there is nothing to show, or too much."""
    advice: tuple[Objection, ...] = ()
    """What the policies say about it."""
    would_wait: bool = False
    """Whether one of them would hold it as it stands."""


@bp.post("/preview")
def preview(placement_id: int) -> str:  # noqa: ARG001 – part of the address; the scope has read it
    """What a text will look like; for the button in a composer."""
    discussion()
    return render_template("discussion/_preview.html", preview=preview_of(ComposerForm(request.form)))


def preview_of(form: ComposerForm) -> Preview:
    """What the text in ``form`` will look like, and what its author should know before they hand it in."""
    form.validate()
    if form.source.errors:
        return Preview()
    actor, title = discussion().actor, tidy_line(request.form.get("title", ""))
    text = Writing(source=tidy(form.source.data or ""), title=title)
    kind = handing_in.THREAD if "title" in request.form else handing_in.REPLY
    return _previewed(actor, kind, text)


def _previewed(actor: Actor, kind: str, text: Writing) -> Preview:
    files = writing.files_in(scope.session(), actor.community_id, actor.user_id, text.source)
    known = connections.known_to(scope.session(), actor, text.source, discussion().placement_id)
    cooked = render(text.source, files, known)
    submission = writing.submission(actor, kind, text, cooked, moment=Moment.DRAFT)
    found, tier = screen_here(Moment.DRAFT)(submission), discussion().tier
    would_wait = any(
        effective(vote.stance, tier, Moment.CREATE, vote.verdict) >= Ruling.HOLD for vote in found.votes
    )
    return Preview(cooked.html, advice(found, text.source), would_wait)

"""What a text will look like, with what the policies advise while there is still time. Nothing here stops anybody."""

from dataclasses import dataclass

from flask import render_template

from lmssocial.core.hooks import Moment, Ruling
from lmssocial.social.communities.scope import Here
from lmssocial.social.composing.forms import ComposerForm
from lmssocial.social.content import connections, writing
from lmssocial.social.content.drafts import Writing
from lmssocial.social.content.markdown import render
from lmssocial.social.content.named import NOTHING_KNOWN
from lmssocial.social.content.text import tidy, tidy_line
from lmssocial.social.moderation.reasons import Objection, advice
from lmssocial.social.moderation.request import screen_here
from lmssocial.social.moderation.tiers import effective
from lmssocial.web import scope


@dataclass(frozen=True)
class Preview:
    """What a text will look like."""

    html: str = ""
    """Cooked; empty if there is nothing to show, or too much."""
    advice: tuple[Objection, ...] = ()
    """What the policies say about it."""
    would_wait: bool = False
    """Whether one of them would hold it as it stands."""


def show(preview: Preview) -> str:
    """The part of a composer that shows a preview, for the script that asked for it."""
    return render_template("composing/_preview.html", preview=preview)


def preview_of(
    form: ComposerForm,
    place: Here,
    kind: str,
    title: str = "",
    *,
    names: bool = True,
    of: int | None = None,
) -> Preview:
    """What the text in ``form`` will look like, and what its author should know before they hand it in.

    :param kind: what it will be, as policies know it.
    :param names: whether it may name people and tags.
    :param of: the contribution that it becomes another wording of.
    """
    form.validate()
    if form.source.errors:
        return Preview()
    text = Writing(source=tidy(form.source.data or ""), title=tidy_line(title))
    actor, session = place.actor, scope.session()
    files = writing.files_in(session, actor.community_id, actor.user_id, text.source, of=of)
    known = connections.known_to(session, actor, text.source, place.placement_id) if names else NOTHING_KNOWN
    cooked = render(text.source, files, known)
    submission = writing.submission(actor, kind, text, cooked, moment=Moment.DRAFT)
    found = screen_here(Moment.DRAFT)(submission)
    would_wait = any(
        effective(vote.stance, place.tier, Moment.CREATE, vote.verdict) >= Ruling.HOLD for vote in found.votes
    )
    return Preview(cooked.html, advice(found, text.source), would_wait)

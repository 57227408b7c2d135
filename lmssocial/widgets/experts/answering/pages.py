"""What the pages on which people write have in common: buttons that send nothing, sending once, what became of it."""

from collections.abc import Callable

from flask import flash, redirect, request, url_for
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel.words import gettext as _
from lmssocial.social.communities.scope import Here
from lmssocial.social.composing import attaching, previews
from lmssocial.social.composing.forms import ComposerForm
from lmssocial.social.composing.saved import SavedDraft, saved_draft
from lmssocial.social.content import unsent
from lmssocial.social.content.drafts import Unsent
from lmssocial.social.content.models import State as Visible
from lmssocial.social.moderation.screening import Screen
from lmssocial.web import scope
from lmssocial.widgets.experts.answering.drafts import Sent
from lmssocial.widgets.experts.drafting.targets import For, desk_for, target

View = Response | str | tuple[str, int]
Deed = Callable[[Session, Screen], Sent]


def not_sent(
    place: Here, form: ComposerForm, what: For, number: int, kind: str, *, of: int | None = None
) -> tuple[dict[str, object], int] | None:
    """A button that works without scripts: attach a file, or show what it will look like; ``None`` if none was pressed.

    :return: what the page shows besides, and its status.
    """
    if "attach" in request.form:
        name = target(what, number)
        status = attaching.attach_to(form, desk_for(scope.session(), place, name), name)
        return {"draft": draft_of(place, what, number) if form.attached else None}, status
    if "preview" in request.form:
        return {"preview": previews.preview_of(form, place, kind, names=False, of=of)}, 200
    return None


def once(deed: Deed, screen: Screen) -> Sent:
    """Do it in one transaction; if the same form came in twice at the same moment, the second finds the first."""
    try:
        with unit_of_work(scope.session()) as session:
            return deed(session, screen)
    except IntegrityError:
        with unit_of_work(scope.session()) as session:
            return deed(session, screen)


def say_what_became(sent: Sent, done: str) -> None:
    """Say at the top of the next page what became of it."""
    if sent.state is Visible.PUBLISHED:
        flash(done, "good")
        for message in sent.messages:
            flash(message, "warn")
        return
    why = " ".join(sent.messages)
    flash(_("It waits for a moderator. Until then only you and the moderators read it.") + f" {why}", "warn")


def draft_of(place: Here, what: For, number: int) -> SavedDraft | None:
    """What the person was writing."""
    return saved_draft(unsent.draft_for(scope.session(), place.actor, target(what, number)))


def keep(place: Here, what: For, number: int, form: ComposerForm) -> None:
    """What was refused is kept as a draft, so that nothing is lost."""
    name = target(what, number)
    with unit_of_work(scope.session()) as session:
        before = unsent.draft_for(session, place.actor, name)
        sequence = (before.sequence if before else 0) + 1
        kept = Unsent(target=name, title="", source=form.source.data or "", sequence=sequence)
        unsent.save_draft(session, place.actor, kept)


def to_question(place: Here, question_id: int) -> Response:
    """Lead back to the question, under the place of whoever acts."""
    address = url_for("experts.question_detail", placement_id=place.placement_id, question_id=question_id)
    return redirect(address, code=303)

"""Where people write: new threads, replies, new wordings, previews, drafts."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import get_locale
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel.errors import Conflict, Invalid, NotAllowed
from lmssocial.core.kernel.words import gettext as _
from lmssocial.social.communities.scope import Here
from lmssocial.social.composing.forms import UnsentForm
from lmssocial.social.composing.markdown_help import markdown_help
from lmssocial.social.composing.saved import SavedDraft
from lmssocial.social.content.models import State
from lmssocial.social.moderation.request import screen_here
from lmssocial.web import scope
from lmssocial.web.forms import ButtonForm
from lmssocial.web.fragments import is_fragment
from lmssocial.widgets.discussion import access, drafting, handing_in, service
from lmssocial.widgets.discussion.forms import (
    EditForm,
    EditThreadForm,
    ReplyForm,
    ThreadForm,
)
from lmssocial.widgets.discussion.models import ThreadKind
from lmssocial.widgets.discussion.queries.posts import POSTS
from lmssocial.widgets.discussion.queries.single import (
    PostDetail,
    post_detail,
    thread_draft,
    where_is,
)
from lmssocial.widgets.discussion.routes.attaching import attach_to
from lmssocial.widgets.discussion.routes.blueprint import base, bp, discussion, post_href
from lmssocial.widgets.discussion.routes.preview_routes import preview_of
from lmssocial.widgets.discussion.routes.search_routes import similar_to
from lmssocial.widgets.discussion.service import Posted
from lmssocial.widgets.discussion.settings import DiscussionSettings, Groups

View = Response | str | tuple[str, int]


@bp.get("/threads/new")
def thread_create(placement_id: int) -> View:
    """The form for a new thread, with what was being written."""
    place = discussion()
    draft = thread_draft(scope.session(), place.actor, placement_id)
    form = _thread_form(place, data=_begun(draft))
    return _thread_page(form, placement_id, draft=draft)


def _begun(draft: SavedDraft | None) -> dict[str, str]:
    """What a new form begins with: what was being written, and the kind that the address asks for."""
    data = {"title": draft.title, "source": draft.source} if draft else {}
    kind = request.args.get("kind", "")
    return data | ({"kind": kind} if kind in set(ThreadKind) else {})


@bp.post("/threads/new")
def thread_post(placement_id: int) -> View:
    """Open the thread."""
    place = discussion()
    form = _thread_form(place, formdata=request.form)
    if "attach" in request.form:
        status = attach_to(form, place, f"thread:{placement_id}")
        kept = thread_draft(scope.session(), place.actor, placement_id) if form.attached else None
        return _thread_page(form, placement_id, draft=kept), status
    if "preview" in request.form:
        return _thread_page(form, placement_id, preview=preview_of(form))
    if not form.validate():
        return _thread_page(form, placement_id), 422
    policies, draft = screen_here(), form.draft(placement_id)
    try:
        handing_in.consider_thread(scope.session(), policies, place.actor, draft)
        posted = hand_in_once(lambda session: service.post_thread(session, policies, place.actor, draft))
    except Invalid as refusal:
        form.source.errors = [refusal.message]
        return _thread_page(form, placement_id), 422
    return lead_to(posted)


def _thread_form(place: Here, **filled: Any) -> ThreadForm:
    """The form with the choices that the person has here.

    :raises NotAllowed: if they start no threads.
    """
    settings, actor = DiscussionSettings.read(place.settings), place.actor
    if not access.may_start(actor, settings):
        raise NotAllowed(
            _("This discussion is closed, so it takes no new threads.")
            if access.is_closed(settings)
            else _("Here only instructors and moderators start threads; you can reply to theirs.")
        )
    form = ThreadForm(**filled).allow(actor)
    grouped = settings.groups is not Groups.NONE
    groups = access.groups_to_write_in(scope.session(), actor) if grouped else ()
    if grouped and not groups and not actor.moderates:
        access.whom_for(scope.session(), actor, settings, None)  # says why
    form.offer(groups, everybody=actor.moderates)
    return form


def _thread_page(form: ThreadForm, placement_id: int, **more: object) -> str:
    form.for_target("thread")
    form.compare_titles(f"{base()}/similar", "#similar")
    if request.method == "POST":  # without scripts, what is like it is found when the form comes back
        more["similar"] = similar_to(placement_id, form.title.data or "")
    target = f"thread:{placement_id}"
    place = discussion()
    may_ask = access.may_ask_privately(place.actor, DiscussionSettings.read(place.settings))
    return composer_page("discussion/thread_form.html", form=form, target=target, may_ask=may_ask, **more)


@bp.get("/posts/<int:post_id>/reply")
def post_reply(placement_id: int, post_id: int) -> View:
    """The form for an answer; ``?quote=1`` begins it with what it answers."""
    place = discussion()
    post = post_detail(scope.session(), place.actor, placement_id, post_id)
    if not post.may_reply:
        raise NotAllowed(_why_no_reply(post))
    form = ReplyForm(data={"source": post.draft.source if post.draft else ""})
    if request.args.get("quote"):
        form.source.data = _with_quotation(form.source.data or "", post.source)
    if is_fragment():
        form.source.render_kw = {"data-focus": ""}
    return _reply_page(form, post, draft=post.draft)


@bp.post("/posts/<int:post_id>/reply")
def post_reply_post(placement_id: int, post_id: int) -> View:
    """Answer."""
    place, form = discussion(), ReplyForm(request.form)
    if "attach" in request.form:
        status = attach_to(form, place, f"reply:{post_id}")
        post = post_detail(scope.session(), place.actor, placement_id, post_id)
        return _reply_page(form, post, draft=post.draft if form.attached else None), status
    if "preview" in request.form:
        return _reply_again(form, placement_id, post_id, preview=preview_of(form))
    if not form.validate():
        return _reply_again(form, placement_id, post_id), 422
    found = where_is(scope.session(), place.actor, placement_id, post_id)  # it has to be in this discussion
    policies, draft = screen_here(), form.draft(post_id)
    answered = handing_in.answer_to(found.author_id, found.author_role, found.published_at)
    try:
        handing_in.consider_reply(scope.session(), policies, place.actor, draft, answered)
        posted = hand_in_once(lambda session: service.reply_to(session, policies, place.actor, draft))
    except Invalid as refusal:
        form.source.errors = [refusal.message]
        return _reply_again(form, placement_id, post_id), 422
    return lead_to(posted)


def _reply_again(form: ReplyForm, placement_id: int, post_id: int, **more: object) -> str:
    post = post_detail(scope.session(), discussion().actor, placement_id, post_id)
    return _reply_page(form, post, **more)


def _why_no_reply(post: PostDetail) -> str:
    if post.state is State.REMOVED:
        return _("This post was removed, so it cannot be answered.")
    if post.thread_locked:
        return _("This thread is locked, so it takes no new replies.")
    return _("This post is not published, so it cannot be answered yet.")


def _with_quotation(begun: str, source: str) -> str:
    """``source`` as a quotation below what was ``begun``, once, and an empty line, where the answer goes on."""
    quotation = "\n".join(f"> {line}" for line in source.splitlines())
    return begun if quotation in begun else f"{begun}\n\n{quotation}\n\n".lstrip("\n")


def _reply_page(form: ReplyForm, post: PostDetail, **more: object) -> str:
    form.for_target(f"reply-{post.id}")
    template = "discussion/_reply.html" if is_fragment() else "discussion/post_reply.html"
    return composer_page(template, form=form, post=post, target=f"reply:{post.id}", **more)


@bp.get("/posts/<int:post_id>/edit")
def post_edit(placement_id: int, post_id: int) -> View:
    """The form for a new wording."""
    place = discussion()
    post = post_detail(scope.session(), place.actor, placement_id, post_id, "edit")
    if not post.may_edit:
        raise NotAllowed(_("Only its author can change a post, and only while its thread is not locked."))
    kept = post.draft
    data = {
        "source": kept.source if kept else post.source,
        "title": (kept.title if kept else "") or post.title,
        "seen_version": post.version,
    }
    return _edit_page(_edit_form(post)(data=data), post, draft=kept)


@bp.post("/posts/<int:post_id>/edit")
def post_edit_post(placement_id: int, post_id: int) -> View:
    """Give it the new wording."""
    place = discussion()
    post = post_detail(scope.session(), place.actor, placement_id, post_id, "edit")
    form = _edit_form(post)(request.form)
    if "attach" in request.form:
        status = attach_to(form, place, f"edit:{post_id}")
        post = post_detail(scope.session(), place.actor, placement_id, post_id, "edit")
        return _edit_page(form, post, draft=post.draft if form.attached else None), status
    if "preview" in request.form:
        return _edit_page(form, post, preview=preview_of(form))
    if not form.validate():
        return _edit_page(form, post), 422
    policies, draft = screen_here(), form.draft(post_id)
    try:
        handing_in.consider_edit(scope.session(), policies, place.actor, draft, post.kind, post.source)
        posted = hand_in_once(lambda session: service.edit_post(session, policies, place.actor, draft))
    except Conflict as overtaken:
        return _overtaken(form, placement_id, post_id, overtaken.message), overtaken.status
    except Invalid as refusal:
        form.source.errors = [refusal.message]
        return _edit_page(form, post), 422
    was_read = post.state is State.PUBLISHED
    return lead_to(posted, done=_("Saved.") if was_read else _("Posted."))


def _overtaken(form: EditForm, placement_id: int, post_id: int, message: str) -> str:
    """The form with what was written, above what the post says by now; sent again, it replaces that."""
    post = post_detail(scope.session(), discussion().actor, placement_id, post_id, "edit")
    form.source.errors = [message]
    form.seen_version.data, form.seen_version.raw_data = post.version, None
    return _edit_page(form, post, overtaken=True)


def _edit_form(post: PostDetail) -> type[EditForm]:
    return EditThreadForm if post.is_opening else EditForm


def _edit_page(form: EditForm, post: PostDetail, **more: object) -> str:
    form.for_target(f"edit-{post.id}")
    return composer_page("discussion/post_edit.html", form=form, post=post, target=f"edit:{post.id}", **more)


def composer_page(template: str, **context: object) -> str:
    """A page with a composer on it."""
    return render_template(template, base=base(), help=markdown_help(str(get_locale())), **context)


@bp.post("/drafts/<target>")
def draft_save(placement_id: int, target: str) -> tuple[str, int]:
    """Keep what somebody is writing: 204 if it was kept, 409 if a newer text is there, 422 if it was not understood."""
    place, form = discussion(), UnsentForm(request.form)
    if not form.validate():
        return "", 422
    with unit_of_work(scope.session()) as session:
        kept = drafting.save_draft(session, place.actor, placement_id, form.draft(target))
    return "", 204 if kept else 409


@bp.post("/drafts/<any(thread, ask, reply, edit, about):kind>:<int:number>/discard")
def draft_discard(placement_id: int, kind: str, number: int) -> Response:
    """Forget what somebody was writing."""
    place = discussion()
    if ButtonForm(request.form).validate():
        with unit_of_work(scope.session()) as session:
            drafting.discard_draft(session, place.actor, placement_id, f"{kind}:{number}")
        flash(_("The draft is discarded."))
    else:
        flash(_("This page had grown old, so nothing was discarded. Please press the button again."), "warn")
    if kind == "thread":
        return redirect(url_for("discussion.thread_create", placement_id=placement_id), code=303)
    if kind == "ask":
        return redirect(url_for("discussion.private_ask", placement_id=placement_id), code=303)
    return redirect(url_for("discussion.post_detail", placement_id=placement_id, post_id=number), code=303)


def hand_in_once(deed: Callable[[Session], Posted]) -> Posted:
    """Do it in one transaction; if the same form came in twice at the same moment, the second finds the first."""
    try:
        with unit_of_work(scope.session()) as session:
            return deed(session)
    except IntegrityError:
        with unit_of_work(scope.session()) as session:
            return deed(session)


def lead_to(posted: Posted, done: str = "") -> Response:
    """Lead to what was posted, saying what became of it."""
    if posted.state is State.PUBLISHED:
        flash(done or _("Posted."), "good")
        for message in posted.messages:
            flash(message, "warn")
    elif posted.state is State.REMOVED:
        flash(_("You had posted this before, and removed it. You can restore it where it stood."), "warn")
    else:
        flash(_("Your text waits for a moderator. Until then only you and the moderators see it."), "warn")
    href = post_href(posted.thread_id, posted.number, posted.post_id, posted.highest_number, POSTS)
    return redirect(href, code=303)

"""Private questions and private words about a post: for one member and the moderators alone."""

from flask import flash, redirect, render_template, request, url_for

from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel.errors import Invalid, NotAllowed
from lmssocial.core.kernel.words import gettext as _
from lmssocial.social.communities.scope import Here
from lmssocial.social.moderation.request import screen_here
from lmssocial.web import scope
from lmssocial.widgets.discussion import access, handing_in, private
from lmssocial.widgets.discussion.drafts import AboutDraft, ThreadDraft
from lmssocial.widgets.discussion.forms import AskForm, PublicForm, ReplyForm
from lmssocial.widgets.discussion.queries.single import PostDetail, post_detail, thread_draft
from lmssocial.widgets.discussion.queries.threads import thread_head
from lmssocial.widgets.discussion.routes.attaching import attach_to
from lmssocial.widgets.discussion.routes.blueprint import base, bp, discussion
from lmssocial.widgets.discussion.routes.preview_routes import preview_of
from lmssocial.widgets.discussion.routes.writing_routes import (
    View,
    composer_page,
    hand_in_once,
    lead_to,
)
from lmssocial.widgets.discussion.settings import DiscussionSettings, Groups


@bp.get("/threads/ask")
def private_ask(placement_id: int) -> View:
    """The form for a private question, with what was being written."""
    place = discussion()
    _require_asking(place)
    draft = thread_draft(scope.session(), place.actor, placement_id, "ask")
    form = AskForm(data={"title": draft.title, "source": draft.source} if draft else None)
    return _ask_page(form, placement_id, draft=draft)


@bp.post("/threads/ask")
def private_ask_post(placement_id: int) -> View:
    """Ask it."""
    place, form = discussion(), AskForm(request.form)
    _require_asking(place)
    if "attach" in request.form:
        status = attach_to(form, place, f"ask:{placement_id}")
        kept = thread_draft(scope.session(), place.actor, placement_id, "ask") if form.attached else None
        return _ask_page(form, placement_id, draft=kept), status
    if "preview" in request.form:
        return _ask_page(form, placement_id, preview=preview_of(form))
    if not form.validate():
        return _ask_page(form, placement_id), 422
    policies, draft = screen_here(), form.draft(placement_id)
    try:
        handing_in.consider_thread(scope.session(), policies, place.actor, draft)
        posted = hand_in_once(lambda session: private.ask(session, policies, place.actor, draft))
    except Invalid as refusal:
        form.source.errors = [refusal.message]
        return _ask_page(form, placement_id), 422
    return lead_to(posted, done=_("Asked. Only you and those who moderate here read it."))


def _require_asking(place: Here) -> None:
    if not access.may_ask_privately(place.actor, DiscussionSettings.read(place.settings)):
        raise NotAllowed(_("This discussion takes no private questions from you."))


def _ask_page(form: AskForm, placement_id: int, **more: object) -> str:
    form.for_target("ask")
    return composer_page("discussion/private_ask.html", form=form, target=f"ask:{placement_id}", **more)


@bp.get("/posts/<int:post_id>/private")
def private_about(placement_id: int, post_id: int) -> View:
    """The form for a private word about a post; if one was said before, its thread."""
    place = discussion()
    post = _private_post(place, placement_id, post_id)
    learner_id = post.author_id if place.actor.moderates else place.actor.user_id
    begun = private.conversation_about(scope.session(), place.actor, post_id, learner_id)
    if begun is not None:
        return redirect(
            url_for(
                "discussion.thread_detail", placement_id=placement_id, thread_id=begun.id, _anchor="answer"
            )
        )
    form = ReplyForm(data={"source": post.draft.source if post.draft else ""})
    return _about_page(form, post, draft=post.draft)


@bp.post("/posts/<int:post_id>/private")
def private_about_post(placement_id: int, post_id: int) -> View:
    """Say it."""
    place, form = discussion(), ReplyForm(request.form)
    post = _private_post(place, placement_id, post_id)
    if "attach" in request.form:
        status = attach_to(form, place, f"about:{post_id}")
        post = _private_post(place, placement_id, post_id)
        return _about_page(form, post, draft=post.draft if form.attached else None), status
    if "preview" in request.form:
        return _about_page(form, post, preview=preview_of(form))
    if not form.validate():
        return _about_page(form, post), 422
    draft = AboutDraft(
        placement_id=placement_id,
        post_id=post_id,
        source=form.source.data or "",
        submission_key=form.submission_key.data or None,
    )
    looked_at = ThreadDraft(placement_id=placement_id, title=post.thread_title, source=draft.source)
    policies = screen_here()
    try:
        handing_in.consider_thread(scope.session(), policies, place.actor, looked_at)
        posted = hand_in_once(lambda session: private.say_about(session, policies, place.actor, draft))
    except Invalid as refusal:
        form.source.errors = [refusal.message]
        return _about_page(form, post), 422
    return lead_to(posted, done=_("Sent. It stands in a private thread beside the post."))


def _private_post(place: Here, placement_id: int, post_id: int) -> PostDetail:
    post = post_detail(scope.session(), place.actor, placement_id, post_id, "about")
    if not (post.may_answer_privately and DiscussionSettings.read(place.settings).private_questions):
        raise NotAllowed(_("This post takes no private replies."))
    return post


def _about_page(form: ReplyForm, post: PostDetail, **more: object) -> str:
    form.for_target(f"about-{post.id}")
    return composer_page(
        "discussion/private_about.html", form=form, post=post, target=f"about:{post.id}", **more
    )


@bp.get("/threads/<int:thread_id>/public")
def private_publish(placement_id: int, thread_id: int) -> View:
    """Asks whether a private question shall be public, and says who will read it then."""
    discussion()  # finds out who it is, before a form asks whom it is made for
    return _public_page(PublicForm(), placement_id, thread_id)


@bp.post("/threads/<int:thread_id>/public")
def private_publish_post(placement_id: int, thread_id: int) -> View:
    """Make it public."""
    place, form = discussion(), PublicForm(request.form)
    thread_head(scope.session(), place.actor, placement_id, thread_id)  # it has to be in this discussion
    form.offer(_groups(place))
    if not form.validate():
        return _public_page(form, placement_id, thread_id), 422
    try:
        with unit_of_work(scope.session()) as session:
            private.make_public(session, place.actor, thread_id, form.group_id)
    except Invalid as refusal:
        flash(refusal.message, "warn")
        return _public_page(form, placement_id, thread_id), 422
    flash(_("Your question is public now. Thank you: others learn from it, too."), "good")
    return redirect(
        url_for("discussion.thread_detail", placement_id=placement_id, thread_id=thread_id), code=303
    )


def _public_page(form: PublicForm, placement_id: int, thread_id: int) -> str:
    place = discussion()
    head = thread_head(scope.session(), place.actor, placement_id, thread_id)
    access.require_may_make_public(scope.session(), place.actor, thread_id)
    groups = _groups(place)
    if "group" in form:
        form.offer(groups)
    settings = DiscussionSettings.read(place.settings)
    access.whom_for(scope.session(), place.actor, settings, groups[0].id if groups else None)
    only = groups[0].name if groups and settings.groups is Groups.SEPARATE and len(groups) == 1 else ""
    return render_template("discussion/private_public.html", form=form, thread=head, only=only, base=base())


def _groups(place: Here) -> tuple[access.Choice, ...]:
    if DiscussionSettings.read(place.settings).groups is Groups.NONE:
        return ()
    return access.groups_to_write_in(scope.session(), place.actor)

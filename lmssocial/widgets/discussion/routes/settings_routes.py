"""The settings of a discussion, for staff, and of one of its threads, for moderators."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel.errors import Conflict, NotAllowed
from lmssocial.core.kernel.words import gettext as _
from lmssocial.social.communities.scope import Here
from lmssocial.web import scope
from lmssocial.widgets.discussion import access, configuring
from lmssocial.widgets.discussion.models import Audience
from lmssocial.widgets.discussion.queries.threads import ThreadHead, thread_head
from lmssocial.widgets.discussion.routes.blueprint import base, bp, discussion
from lmssocial.widgets.discussion.settings import DiscussionSettings, Groups
from lmssocial.widgets.discussion.settings_forms import DiscussionForm, ThreadSettingsForm

View = Response | str | tuple[str, int]


@bp.get("/settings")
def discussion_settings(placement_id: int) -> View:
    """How this discussion is set."""
    del placement_id
    place = discussion()
    configuring.require_configured_by(place.actor)
    form = DiscussionForm.of(
        place.placement_title, place.placement_intro, DiscussionSettings.read(place.settings)
    )
    return _settings_page(form)


@bp.post("/settings")
def discussion_settings_post(placement_id: int) -> View:
    """Set it."""
    place, form = discussion(), DiscussionForm(request.form)
    configuring.require_configured_by(place.actor)
    if not form.validate():
        return _settings_page(form), 422
    draft = form.draft(DiscussionSettings.read(place.settings))
    try:
        with unit_of_work(scope.session()) as session:
            changed = configuring.configure(session, place.actor, placement_id, draft)
    except Conflict as conflict:
        form.opens_groups.errors = [conflict.message]
        opened = configuring.threads_of_groups(scope.session(), placement_id)
        return _settings_page(form, opened=opened), conflict.status
    flash(_("Saved. It counts from now on.") if changed else _("Nothing was different."), "good")
    return redirect(url_for("discussion.discussion_settings", placement_id=placement_id), code=303)


def _settings_page(form: DiscussionForm, opened: int = 0) -> str:
    form.in_reader_zone()
    return render_template("discussion/settings.html", form=form, opened=opened, base=base())


@bp.get("/threads/<int:thread_id>/settings")
def thread_settings(placement_id: int, thread_id: int) -> View:
    """How this thread is set."""
    place = discussion()
    head = _moderated(place, placement_id, thread_id)
    form = _thread_form(
        place,
        head,
        data={
            "due_at": head.due_at,
            "locks_at": head.locks_at,
            "post_first": head.post_first,
            "group": "" if head.audience is Audience.EVERYBODY else str(head.group_id or ""),
        },
    )
    return _thread_page(form, head)


@bp.post("/threads/<int:thread_id>/settings")
def thread_settings_post(placement_id: int, thread_id: int) -> View:
    """Set it."""
    place = discussion()
    head = _moderated(place, placement_id, thread_id)
    form = _thread_form(place, head, formdata=request.form)
    if not form.validate():
        return _thread_page(form, head), 422
    with unit_of_work(scope.session()) as session:
        configuring.configure_thread(session, place.actor, thread_id, form.draft())
    flash(_("Saved. It counts from now on."), "good")
    return redirect(
        url_for("discussion.thread_detail", placement_id=placement_id, thread_id=thread_id), code=303
    )


def _moderated(place: Here, placement_id: int, thread_id: int) -> ThreadHead:
    head = thread_head(scope.session(), place.actor, placement_id, thread_id)
    if not place.actor.moderates:
        raise NotAllowed(_("Only moderators of this course can do this."))
    return head


def _thread_form(place: Here, head: ThreadHead, **filled: object) -> ThreadSettingsForm:
    grouped = DiscussionSettings.read(place.settings).groups is not Groups.NONE
    groups = access.groups_to_write_in(scope.session(), place.actor) if grouped else ()
    form = ThreadSettingsForm(**filled)  # type: ignore[arg-type]  # WTForms names them one by one
    return form.offer(groups, private=head.audience is Audience.PRIVATE)


def _thread_page(form: ThreadSettingsForm, head: ThreadHead) -> str:
    form.in_reader_zone()
    return render_template("discussion/thread_settings.html", form=form, thread=head, base=base())

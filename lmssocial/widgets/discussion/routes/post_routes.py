"""One post: its address, its history, and taking it away or back."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel.errors import NotAllowed, NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.social.content.models import State
from lmssocial.web import scope
from lmssocial.web.forms import ButtonForm
from lmssocial.web.fragments import is_fragment
from lmssocial.widgets.discussion import service
from lmssocial.widgets.discussion.acts import acts_view
from lmssocial.widgets.discussion.queries.history import changes_of
from lmssocial.widgets.discussion.queries.posts import POSTS
from lmssocial.widgets.discussion.queries.single import post_detail as detail_of
from lmssocial.widgets.discussion.queries.single import where_is
from lmssocial.widgets.discussion.routes.blueprint import base, bp, discussion, led_by, post_href
from lmssocial.widgets.discussion.routes.elsewhere import where_post_went
from lmssocial.widgets.discussion.settings import DiscussionSettings


@bp.get("/posts/<int:post_id>")
def post_detail(placement_id: int, post_id: int) -> Response:
    """The address of a post: leads to it, in its thread, wherever it stands by now."""
    place = discussion()
    try:
        found = where_is(scope.session(), place.actor, placement_id, post_id)
    except NotFound:
        if (onward := where_post_went(placement_id, post_id)) is None:
            raise
        return onward
    address = post_href(found.thread_id, found.number, post_id, found.highest_number, POSTS)
    return redirect(led_by(address))


@bp.get("/posts/<int:post_id>/acts")
def post_acts(placement_id: int, post_id: int) -> str:
    """Everything that the person may do with it."""
    place = discussion()
    settings = DiscussionSettings.read(place.settings)
    may = acts_view(scope.session(), place.actor, placement_id, post_id, settings)
    known = (
        _("post %(number)s", number=may.number)
        if may.number
        else _("the waiting post by %(name)s", name=may.author_name)
    )
    template = "discussion/_acts.html" if is_fragment() else "discussion/post_acts.html"
    return render_template(template, may=may, known=known, base=base())


@bp.get("/posts/<int:post_id>/history")
def post_history(placement_id: int, post_id: int) -> str:
    """What became of its words."""
    place, session = discussion(), scope.session()
    post = detail_of(session, place.actor, placement_id, post_id)
    if not post.may_see_history:
        raise NotAllowed(_("Earlier wordings of a post are open to its author and the moderators."))
    return render_template(
        "discussion/post_history.html", post=post, changes=changes_of(session, post_id), base=base()
    )


@bp.get("/posts/<int:post_id>/remove")
def post_remove(placement_id: int, post_id: int) -> str:
    """Asks whether it shall go, and says what goes with it."""
    place = discussion()
    post = detail_of(scope.session(), place.actor, placement_id, post_id)
    if not post.may_remove:
        raise NotAllowed(_("Only its author or a moderator can remove a post, and only once."))
    template = "discussion/_remove.html" if is_fragment() else "discussion/post_remove.html"
    return render_template(template, post=post, by_author=post.author_id == place.actor.user_id, base=base())


@bp.post("/posts/<int:post_id>/remove")
def post_remove_post(placement_id: int, post_id: int) -> Response:
    """Take it out of sight."""
    place = discussion()
    post = detail_of(scope.session(), place.actor, placement_id, post_id)
    if not ButtonForm(request.form).validate():
        flash(_("This page had grown old, so nothing was removed. Please press the button again."), "warn")
        return redirect(
            url_for("discussion.post_remove", placement_id=placement_id, post_id=post_id), code=303
        )
    with unit_of_work(scope.session()) as session:
        thread = service.remove_post(session, place.actor, post_id)
        whole_thread_gone = thread.state is State.REMOVED
    if post.number is None:
        flash(_("Withdrawn. Nobody else has read it."), "good")
    else:
        flash(_("Removed. You can restore it where it stood."), "good")
    if post.is_opening and (post.number is None or (whole_thread_gone and not place.actor.moderates)):
        return redirect(url_for("discussion.thread_list", placement_id=placement_id), code=303)
    return redirect(_href(placement_id, post.thread_id, post.number), code=303)


@bp.get("/posts/<int:post_id>/restore")
def post_restore(placement_id: int, post_id: int) -> str:
    """Shows the removed words and asks whether they shall come back."""
    place = discussion()
    post = detail_of(scope.session(), place.actor, placement_id, post_id)
    if not post.may_restore:
        raise NotAllowed(_("A removed post is restored by whoever removed it, or by a moderator."))
    return render_template("discussion/post_restore.html", post=post, base=base())


@bp.post("/posts/<int:post_id>/restore")
def post_restore_post(placement_id: int, post_id: int) -> Response:
    """Put it back."""
    place = discussion()
    post = detail_of(scope.session(), place.actor, placement_id, post_id)
    if not ButtonForm(request.form).validate():
        flash(_("This page had grown old, so nothing was restored. Please press the button again."), "warn")
        return redirect(
            url_for("discussion.post_restore", placement_id=placement_id, post_id=post_id), code=303
        )
    with unit_of_work(scope.session()) as session:
        service.restore_post(session, place.actor, post_id)
    flash(_("Restored."), "good")
    return redirect(_href(placement_id, post.thread_id, post.number), code=303)


def _href(placement_id: int, thread_id: int, number: int | None) -> str:
    return url_for(
        "discussion.thread_detail",
        placement_id=placement_id,
        thread_id=thread_id,
        at=number if number and number > POSTS else None,
        _anchor=f"post-{number}" if number else None,
    )

"""The pages on which stewards keep topics in order."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from lmssocial.core.db import LARGEST_ID, unit_of_work
from lmssocial.core.kernel.errors import Conflict, Invalid
from lmssocial.core.kernel.words import gettext as _
from lmssocial.core.kernel.words import ngettext
from lmssocial.social.communities.scope import Here
from lmssocial.web import scope
from lmssocial.web.forms import ButtonForm
from lmssocial.widgets.experts import access
from lmssocial.widgets.experts.blueprint import base, experts
from lmssocial.widgets.experts.topics import gaps, merging, queries, service
from lmssocial.widgets.experts.topics.forms import MergeForm, StartForm, TopicForm
from lmssocial.widgets.experts.topics.queries import TopicFound

View = Response | str | tuple[str, int]


def register(bp: Blueprint) -> None:
    """Put the pages into the blueprint."""
    one = "/topics/<int:topic_id>"
    routes: tuple[tuple[str, str, Callable[..., Any]], ...] = (
        ("GET", "/topics/new", topic_create),
        ("POST", "/topics/new", topic_create),
        ("POST", "/topics/start", topic_start),
        ("GET", "/topics/gaps", topic_gaps),
        ("GET", f"{one}/edit", topic_edit),
        ("POST", f"{one}/edit", topic_edit),
        ("POST", f"{one}/retire", topic_retire),
        ("GET", f"{one}/merge", topic_merge),
        ("POST", f"{one}/merge", topic_merge),
    )
    for method, rule, view in routes:
        bp.add_url_rule(rule, view_func=view, methods=[method])


def topic_create(placement_id: int) -> View:
    """Make a topic."""
    place = _stewards()
    form = TopicForm(request.form if request.method == "POST" else None)
    if request.method == "GET":
        return _form_page(place, form)
    if not form.validate():
        return _form_page(place, form), 422
    try:
        with unit_of_work(scope.session()) as session:
            made = service.create(
                session,
                place.actor,
                form.label.data or "",
                form.about.data or "",
                form.synonyms.data or (),
            )
            topic_id = made.id
    except (Invalid, Conflict) as problem:
        form.form_errors.append(problem.message)
        return _form_page(place, form), problem.status
    flash(_("The topic is there. People can ask about it, and say that they know it."), "good")
    return _to(placement_id, topic_id)


def topic_start(placement_id: int) -> Response:
    """Make the first topics of a community of tags that people use there."""
    place = _stewards()
    form = StartForm(request.form).offer(gaps.first_topics(scope.session(), place.actor))
    back = redirect(url_for("experts.topic_list", placement_id=placement_id), code=303)
    chosen = form.tags.data or []
    if not form.validate() or not chosen:
        flash(_("Nothing was made. Choose at least one tag, please."), "warn")
        return back
    with unit_of_work(scope.session()) as session:
        made = service.resolve(session, place.actor, chosen, most=len(chosen))
    flash(ngettext("%(num)d topic is there now.", "%(num)d topics are there now.", len(made)), "good")
    return back


def topic_edit(placement_id: int, topic_id: int) -> View:
    """Say what a topic is called, and what belongs there."""
    place = _stewards()
    topic = queries.found(scope.session(), place.actor, min(topic_id, LARGEST_ID))
    if topic.merged_into_id is not None:
        return _to(placement_id, topic.merged_into_id)
    if request.method == "GET":
        form = TopicForm(data={"label": topic.label, "about": topic.about, "synonyms": list(topic.synonyms)})
        return _form_page(place, form, topic)
    form = TopicForm(request.form)
    if not form.validate():
        return _form_page(place, form, topic), 422
    try:
        with unit_of_work(scope.session()) as session:
            service.edit(
                session,
                place.actor,
                topic.id,
                form.label.data or "",
                form.about.data or "",
                form.synonyms.data or (),
            )
    except (Invalid, Conflict) as problem:
        form.form_errors.append(problem.message)
        return _form_page(place, form, topic), problem.status
    flash(_("Saved."), "good")
    return _to(placement_id, topic.id)


def topic_retire(placement_id: int, topic_id: int) -> Response:
    """Let nothing new be put under a topic, or take it up again."""
    place, back = _stewards(), "back" in request.form
    if not ButtonForm(request.form).validate():
        flash(_("This page had grown old, so nothing has changed. Please press the button again."), "warn")
        return _to(placement_id, topic_id)
    with unit_of_work(scope.session()) as session:
        kept = service.retire(session, place.actor, min(topic_id, LARGEST_ID), retired=not back).id
    if back:
        flash(_("People can ask about this topic again."), "good")
    else:
        flash(_("Nothing new is put under this topic. What stands there stays."), "good")
    return _to(placement_id, kept)


def topic_merge(placement_id: int, topic_id: int) -> View:
    """Make a topic a part of another."""
    place = _stewards()
    topic = queries.found(scope.session(), place.actor, min(topic_id, LARGEST_ID))
    if topic.merged_into_id is not None:
        return _to(placement_id, topic.merged_into_id)
    others = [one for one in queries.choices(scope.session(), place.actor) if one[0] != topic.id]
    form = MergeForm(request.form if request.method == "POST" else None).offer(others)
    if request.method == "GET":
        return _merge_page(place, topic, form)
    if not form.validate():
        return _merge_page(place, topic, form), 422
    if form.into.data not in {one for one, _label in others}:
        form.into.errors = [_("Choose the topic it becomes a part of.")]
        return _merge_page(place, topic, form), 422
    try:
        with unit_of_work(scope.session()) as session:
            into = merging.merge(session, place.actor, topic.id, form.into.data).id
    except Invalid as problem:
        form.into.errors = [problem.message]
        return _merge_page(place, topic, form), 422
    flash(_("The two are one topic now. Everything that stood under either stands here."), "good")
    return _to(placement_id, into)


def topic_gaps(placement_id: int) -> str:  # noqa: ARG001 – the place of the request knows it
    """Topics that are asked for, and that nobody can be asked about."""
    place = _stewards()
    return render_template(
        "experts/topic_gaps.html", base=base(place), gaps=gaps.gaps(scope.session(), place.actor)
    )


def _stewards() -> Here:
    """The place of this request, for those who look after topics."""
    place = experts()
    access.require_looks_after(place.actor)
    return place


def _form_page(place: Here, form: TopicForm, topic: TopicFound | None = None) -> str:
    return render_template("experts/topic_edit.html", base=base(place), form=form, topic=topic)


def _merge_page(place: Here, topic: TopicFound, form: MergeForm) -> str:
    return render_template("experts/topic_merge.html", base=base(place), topic=topic, form=form)


def _to(placement_id: int, topic_id: int) -> Response:
    return redirect(url_for("experts.topic_detail", placement_id=placement_id, topic_id=topic_id), code=303)

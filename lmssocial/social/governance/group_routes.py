"""The course groups: which there are, and who is in them."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel.errors import Problem
from lmssocial.social.communities import group_members, groups
from lmssocial.social.communities.group_members import Assigned
from lmssocial.social.communities.scope import here
from lmssocial.social.governance import access
from lmssocial.social.governance.forms import GroupForm, NamesForm
from lmssocial.web import scope
from lmssocial.web.forms import ButtonForm

View = Response | str | tuple[str, int]


def register(bp: Blueprint) -> None:
    """Give the blueprint of the settings the addresses of this module."""
    routes: tuple[tuple[str, str, Callable[..., Any]], ...] = (
        ("GET", "/groups", group_list),
        ("POST", "/groups", group_make),
        ("POST", "/groups/names", group_assign),
        ("GET", "/groups/<int:group_id>", group_detail),
        ("POST", "/groups/<int:group_id>/name", group_rename),
        ("POST", "/groups/<int:group_id>/remove", group_remove),
        ("POST", "/groups/<int:group_id>/members", group_members_change),
    )
    for method, rule, view in routes:
        bp.add_url_rule(rule, view_func=view, methods=[method])


def group_list(placement_id: int) -> str:
    """The groups of the course, a form for a new one, and a place for a list of names."""
    del placement_id
    return _list_page(GroupForm(), NamesForm())


def group_make(placement_id: int) -> View:
    """Make a group and go there to choose its members."""
    form = GroupForm(request.form)
    access.require_founder(here().actor)
    if not form.validate():
        return _list_page(form, NamesForm()), 422
    try:
        with unit_of_work(scope.session()) as session:
            group_id = groups.make(session, here().actor, form.name.data or "").id
    except Problem as problem:
        form.name.errors = [problem.message]
        return _list_page(form, NamesForm()), problem.status
    flash(_("Made. Choose who is in it."), "good")
    return redirect(
        url_for("governance.group_detail", placement_id=placement_id, group_id=group_id), code=303
    )


def group_assign(placement_id: int) -> View:
    """Put people into groups by a list of names."""
    form = NamesForm(request.form)
    access.require_founder(here().actor)
    if not form.validate():
        return _list_page(GroupForm(), form), 422
    try:
        lines = group_members.read_lines(form.names.data or "")
        with unit_of_work(scope.session()) as session:
            done = group_members.assign(session, here().actor, lines)
    except Problem as problem:
        form.names.errors = [problem.message]
        return _list_page(GroupForm(), form), problem.status
    _say(done)
    return redirect(url_for("governance.group_list", placement_id=placement_id), code=303)


def _say(done: Assigned) -> None:
    flash(
        ngettext("%(num)d person was put into a group.", "%(num)d people were put into groups.", done.added),
        "good",
    )
    said = (
        (
            _("Nobody in this course is called so: %(names)s. The page Members shows who is in it."),
            done.unknown,
        ),
        (_("Several people are called so; choose them by hand: %(names)s."), done.ambiguous),
        (_("These groups come from your LMS; change them there: %(names)s."), done.kept),
    )
    for sentence, names in said:
        if names:
            flash(sentence % {"names": ", ".join(names)}, "warn")


def _list_page(form: GroupForm, names: NamesForm) -> str:
    actor = here().actor
    access.require_founder(actor)
    return render_template(
        "governance/groups.html", groups=groups.groups(scope.session(), actor), form=form, names=names
    )


def group_detail(placement_id: int, group_id: int) -> str:
    """Who is in a group, and who could be."""
    del placement_id
    return _group_page(group_id)


def _group_page(group_id: int, form: GroupForm | None = None) -> str:
    actor, session = here().actor, scope.session()
    access.require_founder(actor)
    group = groups.require_group(session, actor, group_id)
    called = request.args.get("q", "").strip()[:100]
    page = min(max(request.args.get("page", 1, type=int), 1), 10_000)
    people, more = group_members.others(session, actor, group_id, called=called, page=page)
    return render_template(
        "governance/group.html",
        group=group,
        may_name=groups.may_be_named(session, actor, group),
        form=form or GroupForm(data={"name": group.name}),
        members=group_members.members_of(session, actor, group_id),
        others=people,
        called=called,
        page=page,
        more=more,
    )


def group_rename(placement_id: int, group_id: int) -> View:
    """Give a group another name."""
    form = GroupForm(request.form)
    access.require_founder(here().actor)
    if not form.validate():
        return _group_page(group_id, form), 422
    try:
        with unit_of_work(scope.session()) as session:
            groups.rename(session, here().actor, group_id, form.name.data or "")
    except Problem as problem:
        form.name.errors = [problem.message]
        return _group_page(group_id, form), problem.status
    flash(_("Saved."), "good")
    return _to(placement_id, group_id)


def group_remove(placement_id: int, group_id: int) -> View:
    """Delete a group, unless something belongs to it."""
    access.require_founder(here().actor)
    if not ButtonForm(request.form).validate():
        flash(_("This page had grown old, so nothing has changed. Please press the button again."), "warn")
        return _to(placement_id, group_id)
    try:
        with unit_of_work(scope.session()) as session:
            groups.remove(session, here().actor, group_id)
    except Problem as problem:
        flash(problem.message, "warn")
        return _to(placement_id, group_id)
    flash(_("The group is deleted. Its members are still in the course."), "good")
    return redirect(url_for("governance.group_list", placement_id=placement_id), code=303)


def group_members_change(placement_id: int, group_id: int) -> Response:
    """Put the people that were ticked into the group, or take them out."""
    actor = here().actor
    access.require_founder(actor)
    chosen = [int(one) for one in request.form.getlist("person")[:500] if one.isascii() and one.isdecimal()]
    if not ButtonForm(request.form).validate():
        flash(_("This page had grown old, so nothing has changed. Please choose again."), "warn")
        return _to(placement_id, group_id)
    out = request.form.get("to") == "out"
    with unit_of_work(scope.session()) as session:
        change = groups.take_out if out else groups.put_in
        count = change(session, actor, group_id, chosen)
    if not count:
        flash(_("Nobody was ticked, so nothing has changed."), "warn")
    elif out:
        flash(
            ngettext("%(num)d person is no longer in it.", "%(num)d people are no longer in it.", count),
            "good",
        )
    else:
        flash(ngettext("%(num)d person was added.", "%(num)d people were added.", count), "good")
    return _to(placement_id, group_id, q=request.form.get("q", "")[:100] or None)


def _to(placement_id: int, group_id: int, **more: Any) -> Response:
    return redirect(
        url_for("governance.group_detail", placement_id=placement_id, group_id=group_id, **more), code=303
    )

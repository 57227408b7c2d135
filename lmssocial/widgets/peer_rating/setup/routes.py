"""The page of settings: shown, given another rubric, saved, opened."""

from dataclasses import replace

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import Conflict, Invalid
from lmssocial.core.kernel.words import gettext as _
from lmssocial.core.kernel.words import ngettext
from lmssocial.social.communities.scope import Here
from lmssocial.social.rubrics.criteria import Criterion
from lmssocial.web import scope
from lmssocial.web.program import program
from lmssocial.widgets.peer_rating import access
from lmssocial.widgets.peer_rating.activities import Running, running
from lmssocial.widgets.peer_rating.blueprint import base, peer_rating
from lmssocial.widgets.peer_rating.models import Phase
from lmssocial.widgets.peer_rating.people import participants
from lmssocial.widgets.peer_rating.scoring.inputs import rubric_of
from lmssocial.widgets.peer_rating.setup import choices, example_routes, service, starting
from lmssocial.widgets.peer_rating.setup.drafts import fingerprint
from lmssocial.widgets.peer_rating.setup.feasibility import reach
from lmssocial.widgets.peer_rating.setup.forms import SetupForm
from lmssocial.widgets.peer_rating.setup.queries import (
    RubricFound,
    rubrics_at_hand,
    standing_of,
)
from lmssocial.widgets.peer_rating.setup.rules import Standing, fixed, problems

View = str | Response | tuple[str, int]


def register(bp: Blueprint) -> None:
    """Put the pages of this room into the blueprint."""
    bp.add_url_rule("/settings", view_func=settings, methods=["GET", "POST"])
    example_routes.register(bp)


def settings(placement_id: int) -> View:
    """How the activity is set, and setting it."""
    place = peer_rating()
    access.require_runs(place.actor)
    session = scope.session()
    found = running(session, place.actor, placement_id)
    standing = standing_of(session, found)
    rubrics = rubrics_at_hand(session, place.actor, placement_id)
    if request.method == "GET":
        rubric = found.settings.rubric
        if not rubric and standing.is_draft:
            rubric = starting.general()
        form = SetupForm.of(found.placement.title, found.placement.intro, found.settings, rubric)
        return _page(place, found, standing, _ready(form, found, standing, rubrics))
    return _sent(place, found, standing, rubrics)


def _sent(place: Here, found: Running, standing: Standing, rubrics: tuple[RubricFound, ...]) -> View:
    """What was sent: one more criterion, another rubric, or everything, to be saved and perhaps opened."""
    form = _ready(SetupForm(request.form), found, standing, rubrics)
    valid = form.validate()
    bound = "rubric" in form.bound
    if not bound and request.form.keys() & {"more", "take"}:
        form.forget_errors()
    if "more" in request.form and not bound:
        if form.has_room:
            form.criteria.append_entry()
        return _page(place, found, standing, form, added=True)
    if "take" in request.form and not bound:
        taken = _rubric_called(form.template.data or "", rubrics)
        if taken:
            form.replace_rubric(taken)
        return _page(place, found, standing, form, taken=bool(taken))
    if not valid:
        return _page(place, found, standing, form), 422
    opening = "open" in request.form and standing.is_draft
    draft = form.draft(found.settings, program().scorings)
    wrong = problems(found.settings, draft.settings, standing, opening=opening, now=clock.now())
    if wrong:
        form.complain(wrong)
        return _page(place, found, standing, form), 422
    try:
        with unit_of_work(scope.session()) as session:
            done = service.configure(session, place.actor, place.placement_id, draft)
            phase = service.open_it(session, place.actor, place.placement_id) if opening else None
    except (Conflict, Invalid) as problem:
        form.form_errors.append(problem.message)
        newer = running(scope.session(), place.actor, place.placement_id)
        form.seen.data = fingerprint(newer.placement.title, newer.settings)
        return _page(place, newer, standing_of(scope.session(), newer), form), problem.status
    _tell(done, phase, is_draft=standing.is_draft)
    where = "peer_rating.home" if phase else "peer_rating.settings"
    return redirect(url_for(where, placement_id=place.placement_id), code=303)


def _tell(done: service.Configured, phase: Phase | None, *, is_draft: bool) -> None:
    if phase is Phase.SUBMIT:
        flash(_("It is open. Learners read the task and can hand in."), "good")
    elif phase is Phase.PUBLISHED:
        flash(_("It is ready, and opens by itself on the day you set."), "good")
    elif not done.changed:
        flash(_("Nothing was different."), "good")
    elif is_draft:
        flash(_("Saved. Learners read that it is being set up, until you open it."), "good")
    else:
        flash(_("Saved. It counts from now on."), "good")
    if done.retired:
        flash(
            ngettext(
                "One example does not fit the new rubric and is not shown any more. Give it levels to bring it back.",
                "%(num)s examples do not fit the new rubric and are not shown any more. "
                "Give them levels to bring them back.",
                done.retired,
            ),
            "warn",
        )


def _ready(
    form: SetupForm, found: Running, standing: Standing, rubrics: tuple[RubricFound, ...]
) -> SetupForm:
    """``form`` with everything to choose from, and bound where something has to stay as it is."""
    parts, chosen = program(), found.settings
    here = [one for one in rubrics if not one.course_title]
    elsewhere = [one for one in rubrics if one.course_title]
    form.offer(
        allocators=choices.offered(parts.host, choices.ALLOCATORS, parts.allocators, chosen.allocator),
        scorings=choices.offered(parts.host, choices.SCORINGS, parts.scorings, chosen.scoring),
        rubrics=[
            (_("Rubrics to begin with"), list(starting.titles().items())),
            (_("Activities of this course"), [(str(one.placement_id), one.title) for one in here]),
            (
                _("Your other courses"),
                [(str(one.placement_id), f"{one.course_title}: {one.title}") for one in elsewhere],
            ),
        ],
    )
    return form.bind(fixed(standing), chosen)


def _rubric_called(key: str, rubrics: tuple[RubricFound, ...]) -> tuple[Criterion, ...]:
    """The rubric that was chosen in the list; none if there is none of that name."""
    if key in starting.TEMPLATES:
        return starting.TEMPLATES[key]()
    return next((one.rubric for one in rubrics if str(one.placement_id) == key), ())


def _page(
    place: Here,
    found: Running,
    standing: Standing,
    form: SetupForm,
    *,
    added: bool = False,
    taken: bool = False,
) -> str:
    session = scope.session()
    wanted = replace(
        found.settings,
        **{
            name: form[name].data
            for name in ("wanted", "asked")
            if isinstance(form[name].data, int) and not form[name].errors
        },
    )
    form.in_reader_zone()
    return render_template(
        "peer_rating/settings.html",
        form=form,
        activity=found,
        standing=standing,
        rubric=rubric_of(session, found),
        reach=reach(participants(session, place.actor.course_id), wanted),
        added=added,
        taken=taken,
        base=base(place),
    )

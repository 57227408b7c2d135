"""Pages of office hours: what can be booked, and offering, changing, leaving out and ending."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import format_date
from werkzeug.wrappers import Response

from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import Conflict, Invalid, NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.core.kernel.words import ngettext
from lmssocial.social.communities.scope import Here
from lmssocial.social.notifications.models import Reachability
from lmssocial.web import scope
from lmssocial.web.forms import options
from lmssocial.widgets.experts.blueprint import base, experts, settings_of
from lmssocial.widgets.experts.hours import access, hosting, offering, queries, times
from lmssocial.widgets.experts.hours.finding import found, own, reach_of
from lmssocial.widgets.experts.hours.forms import BecauseForm, OfficeHourForm, SkipForm, starting
from lmssocial.widgets.experts.hours.pages import OFFICE_HOUR, fit, page
from lmssocial.widgets.experts.hours.queries import HourLine
from lmssocial.widgets.experts.people_models import Person

View = Response | str | tuple[str, int]

AHEAD = timedelta(days=90)
"""How far ahead a host leaves a day out."""


def register(bp: Blueprint) -> None:
    """Put the pages of this module into the blueprint."""
    one = "/hours/<int:office_hour_id>"
    both = ("GET", "POST")
    routes: tuple[tuple[str, tuple[str, ...], Callable[..., Any]], ...] = (
        ("/hours", ("GET",), office_hour_list),
        ("/hours/new", both, office_hour_create),
        (one, ("GET",), office_hour_detail),
        (f"{one}/edit", both, office_hour_edit),
        (f"{one}/skip", both, office_hour_skip),
        (f"{one}/end", both, office_hour_end),
        (f"{one}/<string:starts>/call-off", both, meeting_call_off),
    )
    for rule, methods, view in routes:
        bp.add_url_rule(rule, view_func=view, methods=list(methods))


def office_hour_list(placement_id: int) -> str:  # noqa: ARG001 – the place of the request knows it
    """What can be booked, of everybody or of one host; and what the reader booked and offers."""
    place, session = experts(), scope.session()
    host_id = request.args.get("host", type=int)
    lines = queries.offered(session, place.actor)
    shown = [line for line in lines if host_id is None or line.hour.host_id == host_id]
    after = queries.place_of(request.args.get("after", ""))
    hosts = {line.hour.host_id: line.host_name for line in lines}
    return page(
        place,
        session,
        "experts/office_hour_list.html",
        meetings=queries.meetings(session, place.actor, shown, after=after),
        bookings=queries.mine(session, place.actor),
        own=[line for line in lines if line.hour.host_id == place.actor.user_id],
        offers=access.offers(place.actor, reach_of(session, place.actor)),
        hosts=sorted(hosts.items(), key=lambda pair: pair[1].casefold()),
        host_id=host_id,
        is_first=after is None,
    )


def office_hour_create(placement_id: int) -> View:
    """Offering an office hour."""
    place, session = experts(), scope.session()
    access.require_offers(place.actor, reach_of(session, place.actor))
    if request.method == "GET":
        return _form_page(place, OfficeHourForm(data=_starting(place)), None)
    form = OfficeHourForm(request.form)
    words = fit(place, form, OFFICE_HOUR, "title", "about", "place") if form.validate() else None
    if words is None:
        return _form_page(place, form, None), 422
    try:
        with unit_of_work(session):
            hour = offering.offer(session, place.actor, placement_id, form.draft(**words))
            hour_id = hour.id
    except (Invalid, Conflict) as problem:
        form.form_errors.append(problem.message)
        return _form_page(place, form, None), problem.status
    flash(_("People can book it now."), "good")
    return redirect(f"{base(place)}/hours/{hour_id}", code=303)


def office_hour_detail(placement_id: int, office_hour_id: int) -> str:  # noqa: ARG001
    """One office hour: its next meetings; for its host also who comes."""
    place, session = experts(), scope.session()
    hour = found(session, place.actor, office_hour_id)
    line = queries.line_of(session, hour)
    is_host = access.is_host(place.actor, hour)
    lines = [] if hour.ended_at else [line]
    return page(
        place,
        session,
        "experts/office_hour_detail.html",
        line=line,
        hour=hour,
        is_host=is_host,
        meetings=queries.meetings(session, place.actor, lines),
        people=queries.of_hour(session, hour.id) if is_host else [],
        now=clock.now(),
        key_of=times.key_of,
        odd=_odd_days(line),
    )


def office_hour_edit(placement_id: int, office_hour_id: int) -> View:  # noqa: ARG001
    """Changing it, with what is booked."""
    place, session = experts(), scope.session()
    hour = own(session, place.actor, office_hour_id)
    if hour.ended_at is not None:
        return _is_over(place, office_hour_id)
    if request.method == "GET":
        return _form_page(place, OfficeHourForm.of(hour), hour.id)
    form = OfficeHourForm(request.form)
    words = fit(place, form, OFFICE_HOUR, "title", "about", "place") if form.validate() else None
    if words is None:
        return _form_page(place, form, hour.id), 422
    seen = form.seen.data or ""
    try:
        with unit_of_work(session):
            lost = offering.change(
                session,
                place.actor,
                office_hour_id,
                form.draft(**words),
                seen=int(seen) if seen.isdigit() else 0,
            )
    except (Invalid, Conflict) as problem:
        form.form_errors.append(problem.message)
        form.seen.data = str(own(session, place.actor, office_hour_id).version)
        return _form_page(place, form, office_hour_id), problem.status
    flash(_("Saved. Whoever is booked is told."), "good")
    _tell_lost(lost)
    return redirect(f"{base(place)}/hours/{office_hour_id}", code=303)


def office_hour_skip(placement_id: int, office_hour_id: int) -> View:  # noqa: ARG001
    """Leaving a day out."""
    place, session = experts(), scope.session()
    line = queries.line_of(session, own(session, place.actor, office_hour_id))
    if line.hour.ended_at is not None:
        return _is_over(place, office_hour_id)
    form = SkipForm.needed(request.form if request.method == "POST" else None)
    form.on.choices = options((day.isoformat(), format_date(day, "full")) for day in _days(line))
    if request.method == "GET":
        return _because_page(place, form, line, "skip")
    words = fit(place, form, OFFICE_HOUR, "because") if form.validate() else None
    if words is None:
        return _because_page(place, form, line, "skip"), 422
    with unit_of_work(session):
        lost = hosting.skip(
            session, place.actor, office_hour_id, date.fromisoformat(form.on.data), words["because"]
        )
    flash(_("It does not take place on that day."), "good")
    _tell_lost(lost)
    return redirect(f"{base(place)}/hours/{office_hour_id}", code=303)


def office_hour_end(placement_id: int, office_hour_id: int) -> View:  # noqa: ARG001
    """Offering it no more."""
    place, session = experts(), scope.session()
    line = queries.line_of(session, own(session, place.actor, office_hour_id))
    if line.hour.ended_at is not None:
        return _is_over(place, office_hour_id)
    form = BecauseForm.needed(request.form if request.method == "POST" else None)
    if request.method == "GET":
        return _because_page(place, form, line, "end")
    words = fit(place, form, OFFICE_HOUR, "because") if form.validate() else None
    if words is None:
        return _because_page(place, form, line, "end"), 422
    with unit_of_work(session):
        lost = hosting.end(session, place.actor, office_hour_id, words["because"])
    flash(_("It is not offered any more."), "good")
    _tell_lost(lost)
    return redirect(url_for("experts.office_hour_list", placement_id=place.placement_id), code=303)


def meeting_call_off(placement_id: int, office_hour_id: int, starts: str) -> View:  # noqa: ARG001
    """Calling one meeting off."""
    place, session = experts(), scope.session()
    line = queries.line_of(session, own(session, place.actor, office_hour_id))
    starts_at = times.of_key(starts)
    slot = times.slot_at(line.pattern, starts_at) if starts_at else None
    if slot is None:
        raise NotFound(_("There is no meeting at this address."), reason=f"no meeting {starts}")
    form = BecauseForm.needed(request.form if request.method == "POST" else None)
    if request.method == "GET":
        return _because_page(place, form, line, "call-off", slot=slot)
    words = fit(place, form, OFFICE_HOUR, "because") if form.validate() else None
    if words is None:
        return _because_page(place, form, line, "call-off", slot=slot), 422
    with unit_of_work(session):
        lost = hosting.call_off_meeting(
            session, place.actor, office_hour_id, slot.starts_at, words["because"]
        )
    flash(_("The meeting is called off."), "good")
    _tell_lost(lost)
    return redirect(f"{base(place)}/hours/{office_hour_id}", code=303)


def _is_over(place: Here, office_hour_id: int) -> Response:
    """Back to an office hour that was ended in another window."""
    flash(_("This office hour is not offered any more, so nothing about it can be changed."), "warn")
    return redirect(f"{base(place)}/hours/{office_hour_id}", code=303)


def _tell_lost(number: int) -> None:
    if number:
        flash(
            ngettext(
                "%(num)s person had booked it or waited for it. They are told, with your reason.",
                "%(num)s people had booked it or waited for it. They are told, with your reason.",
                number,
            ),
            "warn",
        )


def _starting(place: Here) -> dict[str, Any]:
    """What a new one begins with: the host's own clock and room, if they said which."""
    session, actor = scope.session(), place.actor
    person, reach = session.get(Person, actor.user_id), session.get(Reachability, actor.user_id)
    zones = (person.zone if person else "", settings_of(place).zone, reach.zone if reach else "", "UTC")
    return starting(next(filter(None, zones)), person.meeting_place if person else "")


def _form_page(place: Here, form: OfficeHourForm, hour_id: int | None) -> str:
    return page(place, scope.session(), "experts/office_hour_edit.html", form=form, hour_id=hour_id)


def _because_page(
    place: Here, form: BecauseForm, line: HourLine, deed: str, *, slot: times.Slot | None = None
) -> str:
    session = scope.session()
    people = [one for one in queries.of_hour(session, line.hour.id) if one.booking.starts_at > clock.now()]
    if slot is not None:
        people = [one for one in people if one.booking.starts_at == slot.starts_at]
    key = times.key_of(slot.starts_at) if slot else ""
    return page(
        place,
        session,
        "experts/office_hour_because.html",
        form=form,
        line=line,
        hour=line.hour,
        deed=deed,
        slot=slot,
        people=people,
        action=f"{base(place)}/hours/{line.hour.id}/{key + '/' if key else ''}{deed}",
    )


def _days(line: HourLine) -> list[date]:
    now = clock.now()
    return sorted({slot.on for slot in times.slots(line.pattern, now, now + AHEAD)})


def _odd_days(line: HourLine) -> list[tuple[date, times.Odd]]:
    """Days within reach on which a change of the clocks makes a question of when it begins."""
    found_days: list[tuple[date, times.Odd]] = []
    for day in _days(line):
        odd = times.moment(day, line.pattern.begins, line.pattern.zone)[1]
        if odd is not times.Odd.NOTHING:
            found_days.append((day, odd))
    return found_days

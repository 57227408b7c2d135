"""Pages of bookings: a meeting that is booked or waited for, and what becomes of it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, redirect, request
from werkzeug.wrappers import Response

from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import Conflict, Gone, NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.social.communities.scope import Here
from lmssocial.web import scope
from lmssocial.web.forms import ButtonForm, options
from lmssocial.web.program import program
from lmssocial.widgets.experts.blueprint import base, experts
from lmssocial.widgets.experts.hours import access, booking, hosting, queries, times
from lmssocial.widgets.experts.hours.booking import Wish
from lmssocial.widgets.experts.hours.entries import meeting
from lmssocial.widgets.experts.hours.feed_routes import ics_response
from lmssocial.widgets.experts.hours.finding import booking_of, found, zone_of
from lmssocial.widgets.experts.hours.forms import BecauseForm, BookForm, MoveForm
from lmssocial.widgets.experts.hours.icalendars import House, Method, calendar
from lmssocial.widgets.experts.hours.pages import BOOKING, clocks, fit, page
from lmssocial.widgets.experts.hours.queries import BookingLine, MeetingLine
from lmssocial.widgets.experts.hours.seats import LIVE, waiting_before
from lmssocial.widgets.experts.hours_models import BookingState

View = Response | str | tuple[str, int]


def register(bp: Blueprint) -> None:
    """Put the pages of this module into the blueprint."""
    one, both = "/bookings/<int:booking_id>", ("GET", "POST")
    routes: tuple[tuple[str, tuple[str, ...], Callable[..., Any]], ...] = (
        ("/hours/<int:office_hour_id>/<string:starts>/book", both, meeting_book),
        (one, ("GET",), booking_detail),
        (f"{one}.ics", ("GET",), booking_ics),
        (f"{one}/take", ("POST",), booking_take),
        (f"{one}/cancel", both, booking_cancel),
        (f"{one}/move", both, booking_move),
        (f"{one}/missed", ("POST",), booking_missed),
    )
    for rule, methods, view in routes:
        bp.add_url_rule(rule, view_func=view, methods=list(methods))


def meeting_book(placement_id: int, office_hour_id: int, starts: str) -> View:  # noqa: ARG001
    """Booking a meeting, or waiting for a place in it."""
    place, session = experts(), scope.session()
    hour = found(session, place.actor, office_hour_id)
    access.require_books(place.actor, hour)
    line = queries.line_of(session, hour)
    starts_at = times.of_key(starts)
    slot = times.slot_at(line.pattern, starts_at) if starts_at and hour.ended_at is None else None
    if slot is None:
        raise Gone(_("This meeting does not take place. Choose another one in the list of office hours."))
    questions = queries.own_questions(session, place.actor)
    form = BookForm(request.form if request.method == "POST" else None)
    form.offer(questions, request.args.get("question", 0, type=int))
    chosen = queries.of_slot(session, place.actor, line, slot)
    if request.method == "GET":
        return _book_page(place, form, chosen)
    words = fit(place, form, BOOKING, "note") if form.validate() else None
    if words is None:
        return _book_page(place, form, chosen), 422
    wish = Wish(note=words["note"], question_id=form.question.data or None)
    deed = booking.wait if "wait" in request.form else booking.book
    try:
        with unit_of_work(session):
            made = deed(session, place.actor, office_hour_id, slot.starts_at, wish)
            made_id, state = made.id, made.state
    except Conflict as problem:
        newer = queries.of_slot(session, place.actor, line, slot)
        return _book_page(place, form, newer, problem=problem.message), problem.status
    if state is BookingState.BOOKED:
        flash(_("It is booked. It goes into your calendar by e-mail, or with the file on this page."), "good")
    else:
        flash(_("You are on the list. You are told as soon as a place comes free."), "good")
    return redirect(f"{base(place)}/bookings/{made_id}", code=303)


def booking_detail(placement_id: int, booking_id: int) -> str:  # noqa: ARG001
    """One booking, for the two whom it concerns."""
    place, session = experts(), scope.session()
    line = _one(place, booking_id)
    is_waiting = line.booking.state is BookingState.WAITING
    return page(
        place,
        session,
        "experts/booking_detail.html",
        line=line,
        booking=line.booking,
        hour=line.hour,
        is_host=access.is_host(place.actor, line.hour),
        is_live=_is_live(line),
        has_begun=line.booking.starts_at <= clock.now(),
        before=waiting_before(session, line.booking) if is_waiting else 0,
        key=times.key_of(line.booking.starts_at),
        form=ButtonForm(),
    )


def booking_ics(placement_id: int, booking_id: int) -> Response:  # noqa: ARG001
    """The booking as a file for calendars."""
    place, session = experts(), scope.session()
    booking_of(session, place.actor, booking_id)
    one, settings = meeting(session, booking_id), program().settings
    if one is None or one.booking.state in {BookingState.WAITING, BookingState.OFFERED, BookingState.LAPSED}:
        raise NotFound(_("There is nothing to put into a calendar yet."), reason="no place in this meeting")
    house = House(public_url=settings.public_url, sender=settings.sender)
    entry = one.entry(place.actor.user_id, settings.public_url, _address(one, place.actor.user_id))
    return ics_response(calendar(house, [entry], Method.PUBLISH), f"meeting-{booking_id}.ics")


def booking_take(placement_id: int, booking_id: int) -> Response:  # noqa: ARG001
    """Taking the place that is kept for somebody who waited."""
    place = experts()
    if _pressed():
        with unit_of_work(scope.session()) as session:
            booking.take(session, place.actor, booking_id)
        flash(_("It is booked. It goes into your calendar by e-mail, or with the file on this page."), "good")
    return redirect(f"{base(place)}/bookings/{booking_id}", code=303)


def booking_cancel(placement_id: int, booking_id: int) -> View:  # noqa: ARG001
    """Not coming, or waiting no more."""
    place, session = experts(), scope.session()
    line = _one(place, booking_id)
    if not _is_live(line):
        return _is_over(place, booking_id)
    form = BecauseForm(request.form if request.method == "POST" else None)
    if request.method == "GET":
        return _cancel_page(place, form, line)
    words = fit(place, form, BOOKING, "because") if form.validate() else None
    if words is None:
        return _cancel_page(place, form, line), 422
    with unit_of_work(session):
        booking.cancel(session, place.actor, booking_id, words["because"])
    flash(_("It is cancelled, and the place is free for others."), "good")
    return redirect(f"{base(place)}/bookings/{booking_id}", code=303)


def booking_move(placement_id: int, booking_id: int) -> View:  # noqa: ARG001
    """Coming at another time."""
    place, session = experts(), scope.session()
    line = _one(place, booking_id)
    if not _is_live(line):
        return _is_over(place, booking_id)
    form = MoveForm(request.form if request.method == "POST" else None)
    form.starts.choices = options(_free(place, line))
    if request.method == "GET":
        return _move_page(place, form, line)
    starts_at = times.of_key(form.starts.data or "") if form.validate() else None
    if starts_at is None:
        return _move_page(place, form, line), 422
    try:
        with unit_of_work(session):
            new_id = booking.move(session, place.actor, booking_id, starts_at).id
    except Conflict as problem:
        form.starts.errors = [problem.message]
        return _move_page(place, form, line), problem.status
    flash(_("You come at the new time now; the old booking is cancelled."), "good")
    return redirect(f"{base(place)}/bookings/{new_id}", code=303)


def booking_missed(placement_id: int, booking_id: int) -> Response:  # noqa: ARG001
    """Noting that somebody did not come, or taking it back."""
    place = experts()
    if _pressed():
        with unit_of_work(scope.session()) as session:
            hosting.note_missed(session, place.actor, booking_id, missed="undo" not in request.form)
    return redirect(f"{base(place)}/bookings/{booking_id}", code=303)


def _pressed() -> bool:
    """Whether the button was pressed on a page of this sign-in; else they read why nothing happened."""
    pressed = ButtonForm(request.form).validate()
    if not pressed:
        flash(_("This page had grown old, so nothing has changed. Please press the button again."), "warn")
    return pressed


def _one(place: Here, booking_id: int) -> BookingLine:
    """A booking that concerns the reader."""
    line = queries.one(scope.session(), place.actor, booking_id)
    if line is None:
        raise NotFound(
            _("There is no booking at this address, or it is not yours."),
            reason=f"no booking {booking_id} that user {place.actor.user_id} sees",
        )
    return line


def _is_live(line: BookingLine) -> bool:
    """Whether something about it can still be changed."""
    return line.booking.state in LIVE and line.booking.starts_at > clock.now()


def _is_over(place: Here, booking_id: int) -> Response:
    """Back to a booking that came to its end in another window, or with the time."""
    flash(_("Nothing about this booking can be changed any more."), "warn")
    return redirect(f"{base(place)}/bookings/{booking_id}", code=303)


def _address(one: Any, user_id: int) -> str:
    """The reader's own e-mail address."""
    return str(next((user.email for user in (one.host, one.guest) if user.id == user_id), ""))


def _free(place: Here, line: BookingLine) -> list[tuple[str, str]]:
    """The other meetings of the same office hour that have a place, by the reader's clock."""
    session = scope.session()
    hour = queries.line_of(session, line.hour)
    found_ones = queries.meetings(session, place.actor, [hour], most=4 * queries.PAGE).rows
    clock_of, zone = clocks(session, place.actor), zone_of(line.hour)

    def said(starts_at: datetime, ends_at: datetime) -> str:
        return clock_of.said(starts_at, ends_at, zone).whole

    return [
        (one.key, said(one.slot.starts_at, one.slot.ends_at))
        for one in found_ones
        if one.left and one.filled.mine is None
    ]


def _book_page(place: Here, form: BookForm, line: MeetingLine, *, problem: str = "") -> str:
    return page(
        place,
        scope.session(),
        "experts/meeting_book.html",
        form=form,
        line=line,
        hour=line.hour,
        slot=line.slot,
        problem=problem,
    )


def _cancel_page(place: Here, form: BecauseForm, line: BookingLine) -> str:
    return page(
        place, scope.session(), "experts/booking_cancel.html", form=form, line=line, booking=line.booking
    )


def _move_page(place: Here, form: MoveForm, line: BookingLine) -> str:
    return page(
        place, scope.session(), "experts/booking_move.html", form=form, line=line, booking=line.booking
    )

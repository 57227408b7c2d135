"""Troubles by what there is to do about them."""

from datetime import timedelta

import pytest

from lmssocial.core.outbound import OutboundError, Reply, Trouble
from lmssocial.lms.lti.services.trouble import Kind, ServiceTrouble, retry_after, trouble_of
from tests.conftest import TestClock


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("30", 30),
        (" 0 ", 0),
        ("999999999999", 86_400),
        ("-5", None),
        ("1.5", None),
        ("soon", None),
        ("", None),
        ("²", None),
        ("Mon, 02 Mar 2026 09:02:00 GMT", 120),
        ("Mon, 02 Mar 2026 08:59:00 GMT", 0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 86_400),
    ],
)
@pytest.mark.usefixtures("clock")
def test_retry_after_is_seconds_or_a_date(text: str, seconds: int | None) -> None:
    expected = None if seconds is None else timedelta(seconds=seconds)
    assert retry_after({"retry-after": text}) == expected


def test_a_date_is_measured_by_the_clock_of_whoever_wrote_it(clock: TestClock) -> None:
    clock.tick(minutes=-45)
    headers = {"retry-after": "Mon, 02 Mar 2026 09:02:00 GMT", "date": "Mon, 02 Mar 2026 09:00:00 GMT"}
    assert retry_after(headers) == timedelta(minutes=2)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, Kind.REJECTED),
        (401, Kind.UNAUTHORIZED),
        (403, Kind.FORBIDDEN),
        (404, Kind.NOT_FOUND),
        (409, Kind.CONFLICT),
        (410, Kind.NOT_FOUND),
        (422, Kind.REJECTED),
        (429, Kind.TOO_MANY),
        (500, Kind.AWAY),
        (503, Kind.AWAY),
        (599, Kind.AWAY),
    ],
)
def test_a_status_is_a_kind(status: int, kind: Kind) -> None:
    reply = Reply(status, {"retry-after": "7"}, b"User could not be found\x00")
    trouble = trouble_of(OutboundError(Trouble.STATUS, "lms.example.edu", "It failed.", reply))
    assert (trouble.kind, trouble.status, trouble.retry_after) == (kind, status, timedelta(seconds=7))
    assert "lms.example.edu" in trouble.says
    assert trouble.says.endswith("User could not be found")


def test_canvas_says_403_where_others_say_that_it_is_too_much() -> None:
    reply = Reply(403, {}, b"403 Forbidden (Rate Limit Exceeded)")
    assert trouble_of(OutboundError(Trouble.STATUS, "lms.example.edu", "No.", reply)).kind is Kind.TOO_MANY


@pytest.mark.parametrize(
    ("trouble", "kind"),
    [
        (Trouble.TIMEOUT, Kind.AWAY),
        (Trouble.UNKNOWN_HOST, Kind.AWAY),
        (Trouble.UNREACHABLE, Kind.AWAY),
        (Trouble.TLS, Kind.AWAY),
        (Trouble.PROTOCOL, Kind.AWAY),
        (Trouble.NOT_JSON, Kind.UNREADABLE),
        (Trouble.TOO_LARGE, Kind.UNREADABLE),
        (Trouble.REDIRECT, Kind.UNREADABLE),
        (Trouble.FORBIDDEN_ADDRESS, Kind.REJECTED),
        (Trouble.NOT_HTTPS, Kind.REJECTED),
        (Trouble.BAD_URL, Kind.REJECTED),
    ],
)
def test_every_failure_on_the_way_is_a_kind(trouble: Trouble, kind: Kind) -> None:
    assert trouble_of(OutboundError(trouble, "lms.example.edu", "It failed.")).kind is kind


def test_what_an_lms_says_is_cut() -> None:
    assert len(ServiceTrouble(Kind.AWAY, "long " * 1000).says) == 500

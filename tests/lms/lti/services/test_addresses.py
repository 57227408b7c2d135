"""Addresses in answers: links of pages, things on the same server, queries that are already there."""

import pytest

from lmssocial.lms.lti.services.addresses import at_home, below, link_to, with_query
from lmssocial.lms.lti.services.trouble import Kind, ServiceTrouble

HERE = "https://lms.example.edu/api/roster?limit=50"


@pytest.mark.parametrize(
    ("header", "target"),
    [
        ('<https://x.edu/r?page=PageTwo>; rel="next"', "https://x.edu/r?page=PageTwo"),
        ("<https://x.edu/r?p=2>;rel=next", "https://x.edu/r?p=2"),
        ('<https://x.edu/r?p=2>; title="a, b; rel=prev"; REL="Next"', "https://x.edu/r?p=2"),
        ('<a>; rel="prev", <b>; rel="up next"', "b"),
        ('<a>; rel="differences",<b>;rel="next"; type="x"', "b"),
        ('<a>; rel="prev"; rel="next"', ""),  # the first rel counts
        ('<a>; rev="next"', ""),
        ('<a?x=1;y=2,3>; rel="next"', "a?x=1;y=2,3"),
        ('<a>; title="with \\" quote"; rel="next"', "a"),
        ('<>; rel="next"', ""),
        ("nonsense, <a; rel=next", ""),
        ("", ""),
    ],
)
def test_links_are_read_as_rfc_8288_writes_them(header: str, target: str) -> None:
    assert link_to({"link": header}, "next") == target


def test_moodles_curly_quotes_and_escaped_ampersands_are_understood() -> None:
    written = "<https://x.edu/i?type_id=1&amp;limit=2&amp;from=2>; rel=“next”, <https://x.edu/i>; rel=“last”"
    received = written.encode().decode("latin-1")  # as every client reads headers
    assert link_to({"link": received}, "next") == "https://x.edu/i?type_id=1&limit=2&from=2"
    assert link_to({"link": received}, "last") == "https://x.edu/i"


def test_a_long_header_of_nonsense_is_read_in_no_time() -> None:
    for nonsense in ("<" * 90_000, "<a>" + "; a" * 30_000, '<a>; t="' + "\\" * 90_000, "<a>" + " " * 90_000):
        assert link_to({"link": nonsense}, "next") == ""


@pytest.mark.parametrize(
    ("target", "full"),
    [
        ("https://lms.example.edu/api/roster?page=2#top", "https://lms.example.edu/api/roster?page=2"),
        ("?page=2", "https://lms.example.edu/api/roster?page=2"),
        ("/other", "https://lms.example.edu/other"),
        ("https://LMS.example.edu:443/api", "https://LMS.example.edu:443/api"),
    ],
)
def test_an_address_on_the_same_server_may_be_relative(target: str, full: str) -> None:
    assert at_home(HERE, target, "the next page") == full


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/roster",
        "http://lms.example.edu/api",
        "https://lms.example.edu:8443/api",
        "//evil.example/roster",
        "https://lms.example.edu@evil.example/",
        "https://user:word@lms.example.edu/",
        "https://lms.example.edu.evil.example/",
        "file:///etc/passwd",
        "https://[broken",
        "https://lms.example.edu:0x1bb/",
    ],
)
def test_an_address_on_another_server_is_no_address(target: str) -> None:
    with pytest.raises(ServiceTrouble) as caught:
        at_home(HERE, target, "the next page")
    assert caught.value.kind is Kind.UNREADABLE


def test_what_is_asked_is_added_to_the_query_that_is_there() -> None:
    url = "https://x.edu/items?type_id=1&tag=a%2Fb"
    assert with_query(url, limit=100, tag="") == "https://x.edu/items?type_id=1&tag=a%2Fb&limit=100"
    assert with_query(url, tag="c d", limit=None) == "https://x.edu/items?type_id=1&tag=c+d"
    assert with_query(url, tag="", limit=None) == url
    assert with_query("https://x.edu/items", role="a#b") == "https://x.edu/items?role=a%23b"


def test_steps_go_before_the_query() -> None:
    assert (
        below("https://x.edu/1/lineitem?type_id=1", "scores") == "https://x.edu/1/lineitem/scores?type_id=1"
    )
    assert below("https://x.edu/1/lineitem/", "results") == "https://x.edu/1/lineitem/results"

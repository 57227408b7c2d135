"""The way back to the LMS: to its own addresses only, with what it shall say."""

import pytest

from lmssocial.lms.lti.way_back import way_back

ORIGINS = ("https://lms.example.edu", "https://Campus.example.edu:8443")


@pytest.mark.parametrize(
    "address",
    [
        "https://lms.example.edu/course/1?id=5",
        "https://LMS.example.edu:443/course/1",
        "https://campus.example.edu:8443/",
    ],
)
def test_an_address_of_the_platform_is_gone_back_to(address: str) -> None:
    assert way_back(address, ORIGINS) == address


@pytest.mark.parametrize(
    "address",
    [
        "",
        "https://evil.example/",
        "https://lms.example.edu.evil.example/",
        "https://lms.example.edu@evil.example/",
        "https://evil.example\\@lms.example.edu/",
        "http://lms.example.edu/",
        "https://lms.example.edu:8443/",
        "javascript:alert(1)",
        "//lms.example.edu/",
        "https://[lms/",
        "https://lms.example.edu:x/",
    ],
)
def test_any_other_address_is_not(address: str) -> None:
    assert way_back(address, ORIGINS) == ""


def test_messages_stand_beside_what_the_address_has() -> None:
    back = way_back(
        "https://lms.example.edu/back?id=5&lti_msg=old#top",
        ORIGINS,
        errormsg="It & did not work",
        errorlog="ref 1",
    )
    assert back == "https://lms.example.edu/back?id=5&lti_errormsg=It+%26+did+not+work&lti_errorlog=ref+1#top"


def test_a_message_is_cut_before_it_fills_an_address() -> None:
    assert len(way_back("https://lms.example.edu/", ORIGINS, msg="m" * 5000)) < 600

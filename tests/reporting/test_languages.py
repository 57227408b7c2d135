"""What the report is called in other languages, where the core uses the same English words for something else."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from lmssocial.lms.identity.actor import Actor
from lmssocial.plugin import LmsRole
from tests.support.people import Place, make_person
from tests.support.seat import Seat


@pytest.mark.parametrize(
    ("language", "bar", "column", "of_the_core"),
    [
        ("de", "Bericht", "Art", "Melden"),
        ("ar", "التقرير", "النوع", "إبلاغ"),
        ("en", "Report", "Kind", "Kindly"),
    ],
)
def test_the_bar_of_a_course_names_the_report_and_its_columns_by_what_they_mean_there(
    sit: Callable[[Actor], Seat],
    session: Session,
    place: Place,
    language: str,
    bar: str,
    column: str,
    of_the_core: str,
) -> None:
    seat = sit(make_person(session, place, "Tom Berg", LmsRole.INSTRUCTOR))
    html = seat.open("/monitors/widgets", Accept_Language=language).get_data(as_text=True)
    entries = re.findall(r"<a[^>]*/x/reporting/?\"[^>]*>(?:<svg.*?</svg>)?([^<]+)<", html)
    assert bar in [entry.strip() for entry in entries]
    assert f">{column}</th>" in html
    assert f">{of_the_core}<" not in html

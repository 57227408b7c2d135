"""The small pieces of HTML that pages repeat: silent where words stand beside them, safe whatever people are called."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask, g, render_template_string

from lmssocial.lms.identity.roles import LmsRole
from lmssocial.web import assets, i18n, marks


@pytest.fixture
def app() -> Iterator[Flask]:
    """An application that draws, in a request from England."""
    app = Flask("marks", static_folder=None)
    assets.init_app(app)
    i18n.init_app(app)
    marks.init_app(app)
    with app.test_request_context():
        g.locale = "en-GB"
        yield app


@pytest.mark.parametrize(
    ("name", "initials"),
    [
        ("Ana Ruiz", "AR"),
        ("jean-baptiste de la Fontaine", "JF"),
        ("Li", "L"),
        ("  ", "?"),
        ("", "?"),
        (None, "?"),
        ("سارة يوسف", "سي"),
        ("<script> &co", "&lt;&amp;"),
    ],
)
def test_a_face_shows_the_first_letters_of_first_and_last_name(name: str | None, initials: str) -> None:
    assert marks.face(name) == f'<span class="face" aria-hidden="true">{initials}</span>'


def test_a_face_may_be_small() -> None:
    assert 'class="face face-small"' in marks.face("Ana Ruiz", "small")


@pytest.mark.usefixtures("app")
def test_every_lms_role_has_words_and_learners_have_no_tag() -> None:
    words = {role: marks.role_name(role) for role in LmsRole}
    assert len(set(words.values())) == len(LmsRole)
    assert "member" not in words.values()
    assert marks.role_tag(LmsRole.LEARNER) == '<span class="soft">learner</span>'
    assert marks.role_tag(LmsRole.INSTRUCTOR) == '<span class="tag">instructor</span>'
    assert marks.role_name("astronaut") == "member"


def test_roles_are_told_in_the_readers_language() -> None:
    app = Flask("marks", static_folder=None)
    i18n.init_app(app)
    with app.test_request_context(headers={"Accept-Language": "de"}):
        assert marks.role_tag("instructor") == '<span class="tag">Lehrperson</span>'


@pytest.mark.usefixtures("app")
def test_a_moment_is_exact_for_machines_and_readable_without_scripts() -> None:
    drawn = marks.when(datetime(2026, 11, 24, 10, 14, 59, 123456, tzinfo=UTC))
    assert 'datetime="2026-11-24T10:14:59+00:00"' in drawn
    assert ">24 Nov 2026, 10:14 UTC</time>" in drawn


@pytest.mark.usefixtures("app")
def test_icons_that_point_somewhere_turn_with_the_text() -> None:
    assert 'class="icon turns"' in marks.icon("reply")
    assert 'class="icon"' in marks.icon("pin")


@pytest.mark.usefixtures("app")
def test_templates_use_them_by_their_short_names() -> None:
    drawn = render_template_string(
        "{% set icon = draw_icon %}{% set face = draw_face %}{{ icon('pin') }}{{ face(name) }}{{ _('learner') }}",
        name="<b> Ruiz",
    )
    assert "&lt;svg" not in drawn
    assert "&lt;R</span>" in drawn
    assert "icons-" in drawn

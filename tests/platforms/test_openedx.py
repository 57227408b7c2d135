"""The platform of Open edX, which nobody of us wrote: launches, deep links, the roster, grades."""

from collections.abc import Callable

import pytest

from tests.platforms.openedx import OpenEdx, launch, until
from tests.support.servers import LiveTool
from tests.support.visitor import Page, Visitor

pytestmark = pytest.mark.one_database  # whom we talk to is what this is about, not where we keep it

DEEP_LINKING = "LtiDeepLinkingRequest"


def place_a_discussion(openedx: OpenEdx, teacher: Visitor, title: str, **more: str) -> int:
    """Choose a discussion in the picker, as an instructor does; answers the platform's number of the stored item."""
    picker = launch(teacher, openedx.launch_url("instructor", "teacher", message_type=DEEP_LINKING))
    assert picker.status == 200, picker.text
    handed_over = teacher.submit(
        picker.form(field="widget"), widget="discussion", title=title, intro="Say hello.", **more
    )
    accepted = teacher.submit(handed_over.form(field="JWT"))
    assert accepted.status == 200, accepted.text
    return int(openedx.content_items()[-1]["id"])


def test_an_instructor_places_a_discussion_and_learners_talk_in_it(
    tool: LiveTool, openedx: OpenEdx, visit: Callable[[], Visitor]
) -> None:
    item = place_a_discussion(openedx, visit(), "Introductions")

    ada = visit()
    page = launch(ada, openedx.launch_url("student", "ada", deep_linking_content_item_id=item))
    assert "Introductions" in page.text
    assert "Say hello." in page.text
    form = ada.open(page.link("Start a thread")).form(field="title")
    thread = ada.submit(form, title="Hello from the marsh", source="I measure *peat*.")
    assert thread.status == 200
    assert "<em>peat</em>" in thread.html

    ben = visit()
    page = launch(ben, openedx.launch_url("student", "ben", deep_linking_content_item_id=item))
    seen = ben.open(page.link("Hello from the marsh"))
    assert "Ada" in seen.text
    answered = ben.submit(seen.form(action="/reply", field="source"), source="And I read about it.")
    assert answered.status == 200
    assert "And I read about it." in answered.text

    assert "And I read about it." in ada.open(thread.url).text
    assert thread.url.startswith(tool.url)


@pytest.mark.usefixtures("worker")
def test_the_roster_is_known_before_anybody_comes_and_a_grade_arrives_in_the_gradebook(
    openedx: OpenEdx, visit: Callable[[], Visitor]
) -> None:
    teacher, ada = visit(), visit()
    item = place_a_discussion(openedx, teacher, "Peat and clay", points="10")

    page = launch(ada, openedx.launch_url("student", "ada", deep_linking_content_item_id=item))
    written = ada.submit(
        ada.open(page.link("Start a thread")).form(field="title"), title="My peat", source="It is wet."
    )
    choose = ada.open(ada.open(page.url).link("best")).form(action="/best")
    ada.submit(choose, post=choose.choices["post"][0])
    assert written.status == 200

    home = launch(teacher, openedx.launch_url("instructor", "teacher", deep_linking_content_item_id=item))

    settings = teacher.open(home.link("Settings"))

    members = teacher.open(settings.link("Members")).link("Not here yet")

    def last_of_the_roster() -> Page | None:
        """Zoe 150 stands on the second page."""
        found = teacher.open(f"{members}&q=Zoe+150")
        return found if "has not been here yet" in found.text else None

    until(last_of_the_roster)
    not_here_yet = teacher.open(members)
    assert "Cleo Absent" in not_here_yet.text
    assert "Ada" not in not_here_yet.text

    grading = teacher.open(home.link("Grading"))
    form = teacher.open(grading.link("Ada")).form(field="level_0")
    best = {name: form.choices[name][0] for name in form.names() if name.startswith("level_")}
    assert "sees their grade" in teacher.submit(form, button="return", comment="Well seen.", **best).text

    told = until(lambda: openedx.grades() if openedx.grades()["published"] else None)
    assert told["columns"] == [{"label": "Peat and clay", "maximum": 10}]
    assert told["scores"] == [{"person": "openedx-ada", "given": 10, "maximum": 10}]
    assert told["published"] == [{"person": "openedx-ada", "score": 1, "most": 1, "comment": "Well seen."}]


def test_what_the_platform_stores_leads_to_the_discussion_that_was_placed(
    openedx: OpenEdx, visit: Callable[[], Visitor]
) -> None:
    teacher, learner = visit(), visit()
    for title in ("Peat", "Clay"):  # Open edX keeps the last choice only
        item = place_a_discussion(openedx, teacher, title)

        assert [stored["title"] for stored in openedx.content_items()] == [title]
        assert [stored["custom"]["widget"] for stored in openedx.content_items()] == ["discussion"]
        page = launch(learner, openedx.launch_url("student", "ada", deep_linking_content_item_id=item))
        assert f'<h1 dir="auto">{title}</h1>' in page.html


def test_a_learner_reads_that_the_instructor_has_to_set_it_up(
    openedx: OpenEdx, visit: Callable[[], Visitor]
) -> None:
    page = launch(visit(), openedx.launch_url("student", "ada", resource_link_id="not set up yet"))

    assert page.status == 200
    assert "Your instructor has not set this activity up yet." in page.text


def test_an_instructor_sets_up_a_link_that_has_no_widget_there_and_then(
    openedx: OpenEdx, visit: Callable[[], Visitor]
) -> None:
    teacher = visit()
    new = {"resource_link_id": "set up there and then"}
    picker = launch(teacher, openedx.launch_url("instructor", "teacher", **new))

    page = teacher.submit(picker.form(field="widget"), widget="discussion", title="Field notes")

    assert "Field notes" in page.text
    assert "Field notes" in launch(visit(), openedx.launch_url("student", "ada", **new)).text


def test_a_token_is_good_once(openedx: OpenEdx, visit: Callable[[], Visitor]) -> None:
    visitor = visit()
    door = visitor.open(openedx.launch_url("student", "ada"))
    assert visitor.submit(door.form(field="id_token")).status == 200

    again = visitor.submit(door.form(field="id_token"))
    stranger = visit().submit(door.form(field="id_token"))

    assert again.status in {400, 403}
    assert stranger.status in {400, 403}
    assert "ada" not in stranger.text.lower()


def test_a_token_that_was_tampered_with_is_refused(openedx: OpenEdx, visit: Callable[[], Visitor]) -> None:
    visitor = visit()
    form = visitor.open(openedx.launch_url("student", "ada")).form(field="id_token")
    token = dict(form.fields)["id_token"]
    head, body, signature = token.split(".")
    forged = f"{head}.{body}.{signature[:-8]}AAAAAAAA"

    refused = visitor.submit(form, id_token=forged)

    assert refused.status in {400, 401, 403}

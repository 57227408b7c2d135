"""A search, what it led to, and a question that was read reach the log by what a real browser tells of them."""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.activity import ActivityEvent
from lmssocial.widgets.discussion import service
from lmssocial.widgets.discussion.drafts import ThreadDraft
from tests.support.discussion import let_pass
from tests.support.entering import enter_tool
from tests.support.experts import make_answer, make_question
from tests.support.people import make_person, make_place, make_placement
from tests.support.servers import OwnTool

TOLD = ("discussion.searched", "discussion.posts_read", "experts.question_read")


def log_of(session: Session, actor_id: int, *, least: int) -> list[tuple[str, dict[str, Any]]]:
    """What the log knows of somebody's reading, waited for until there are ``least`` events."""
    found: list[tuple[str, dict[str, Any]]] = []
    for _turn in range(100):
        session.rollback()
        statement = select(ActivityEvent).where(
            ActivityEvent.actor_id == actor_id, ActivityEvent.name.in_(TOLD)
        )
        found = [
            (event.name, event.payload) for event in session.scalars(statement.order_by(ActivityEvent.id))
        ]
        if len(found) >= least:
            break
        time.sleep(0.1)
    return found


def test_a_search_the_thread_it_led_to_and_a_question_that_was_read_reach_the_log_once(
    app: Flask, page: Page, session: Session, live_tool: Callable[..., OwnTool]
) -> None:
    place, tool = make_place(session), live_tool()
    ana, ben, cleo = (make_person(session, place, name) for name in ("Ana Ruiz", "Ben Okoro", "Cleo Maas"))
    draft = ThreadDraft(placement_id=place.placement.id, title="Walk-away points", source="Never sell below.")
    thread = service.post_thread(session, let_pass, ana, draft)
    there = replace(place, placement=make_placement(session, place.community, widget="experts"))
    question = make_question(session, there, ana)
    answer = make_answer(session, there, question, cleo)
    enter_tool(app, session, place, page.context, ben, tool.address)

    page.goto(f"{tool.address}/w/{place.placement.id}/discussion/search?q=walk-away")
    searched = ("discussion.searched", {"placement_id": place.placement.id, "hits": 1})
    assert log_of(session, ben.user_id, least=1) == [searched]
    page.reload()
    page.wait_for_timeout(1_500)
    page.get_by_role("link", name="Walk-away points").click()
    expect(page.locator(".post.was-unread")).to_have_count(1)
    assert "via=search" in page.url
    first, second = log_of(session, ben.user_id, least=2)
    assert first == searched, "a page that is loaded again is no other search"
    assert (second[0], second[1]["post_ids"], second[1]["via"]) == (
        "discussion.posts_read",
        [thread.post_id],
        "search",
    )

    page.goto(f"{tool.address}/w/{there.placement.id}/experts/questions/{question.id}")
    page.locator(f"#said-{answer.contribution_id} .post-end").scroll_into_view_if_needed()
    name, read = log_of(session, ben.user_id, least=3)[-1]
    assert name == "experts.question_read"
    assert (read["question"], read["answer_ids"], read["author_ids"]) == (
        True,
        [answer.contribution_id],
        [cleo.user_id],
    )

"""Whatever people do in a course: no word of it is reachable from a copy, in no table and on no page.

What staff pinned for everybody is a prompt and comes along; nothing else does.
"""

import itertools
import re
from collections import deque
from collections.abc import Callable
from typing import Any

from flask import Flask
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock
from lmssocial.lms.identity.actor import Actor, Office
from lmssocial.lms.identity.models import ResourceLink
from lmssocial.lms.identity.roles import LmsRole
from lmssocial.social.communities import appointments, copies, groups
from lmssocial.social.communities.models import Placement
from lmssocial.social.content.models import Contribution
from lmssocial.social.moderation.screening import Screen
from lmssocial.widgets.discussion import private, service
from lmssocial.widgets.discussion.copying import bring_prompts
from lmssocial.widgets.discussion.drafts import EditDraft, PollDraft, ReplyDraft, ThreadDraft
from lmssocial.widgets.discussion.service import Posted
from tests.support.discussion import HOLD, let_pass
from tests.support.people import Place, make_person, make_place, sign_in
from tests.support.reached import rows_of
from tests.support.seat import Seat

_numbers = itertools.count(1)

DEEDS = (
    "learner posts",
    "learner posts held",
    "learner asks in private",
    "learner replies",
    "staff post",
    "staff pin a learner",
    "staff reply to a prompt",
    "staff edit a prompt",
    "staff ask a poll",
    "a prompt is removed",
    "a group is made",
    "somebody looks after it",
)


class Old:
    """A course in which people do things, each with a word of its own."""

    def __init__(self, session: Session) -> None:
        """Begin with one prompt, which is all that may come along."""
        self.session, self.place = session, make_place(session)
        self.ana = make_person(session, self.place, self.secret("Ana"))
        self.tom = make_person(session, self.place, self.secret("Tom"), LmsRole.INSTRUCTOR)
        self.prompt = self.post(self.tom, "prompt", pinned=True, title="prompt")
        self.thread = self.post(self.tom, self.secret("thread"))

    def secret(self, word: str) -> str:
        """A word that stands nowhere else."""
        return f"Secret{word}{next(_numbers)}x"

    def post(
        self, actor: Actor, words: str, *, title: str = "", screen: Screen = let_pass, **more: Any
    ) -> Posted:
        """A thread."""
        draft = ThreadDraft(
            placement_id=self.place.placement.id, title=title or self.secret("title"), source=words, **more
        )
        return service.post_thread(self.session, screen, actor, draft)

    def do(self, deed: str) -> None:
        """Let somebody do something."""
        session, words = self.session, self.secret("words")
        match deed:
            case "learner posts" | "staff post":
                self.post(self.ana if deed.startswith("learner") else self.tom, words)
            case "learner posts held":
                self.post(self.ana, words, screen=HOLD)
            case "learner asks in private":
                draft = ThreadDraft(placement_id=self.place.placement.id, title=words, source=words)
                private.ask(session, let_pass, self.ana, draft)
            case "learner replies" | "staff reply to a prompt":
                who, what = (self.ana, self.thread) if deed.startswith("learner") else (self.tom, self.prompt)
                service.reply_to(session, let_pass, who, ReplyDraft(parent_id=what.post_id, source=words))
            case "staff pin a learner":
                service.pin(session, self.tom, self.post(self.ana, words).thread_id)
            case _:
                self.do_as_staff(deed, words)

    def do_as_staff(self, deed: str, words: str) -> None:
        """Let an instructor do something."""
        session = self.session
        match deed:
            case "staff edit a prompt":
                mine = self.post(self.tom, words, pinned=True, title="prompt")
                version = session.scalars(
                    select(Contribution.version).where(Contribution.id == mine.post_id)
                ).one()
                draft = EditDraft(post_id=mine.post_id, source="prompt", seen_version=version, title="prompt")
                service.edit_post(session, let_pass, self.tom, draft)
            case "staff ask a poll":
                poll = PollDraft(question=words, options=(self.secret("a"), self.secret("b")))
                self.post(self.tom, words, poll=poll)
            case "a prompt is removed":
                gone = self.post(self.tom, words, pinned=True)
                service.remove_post(session, self.tom, gone.post_id)
            case "a group is made":
                team = groups.make(session, self.tom, words)
                groups.put_in(session, self.tom, team.id, [self.ana.user_id])
            case "somebody looks after it":
                appointments.appoint(session, self.tom, self.ana.user_id, Office.STEWARD)

    def copied(self) -> tuple[Place, Actor, int]:
        """A copied course in which the instructor opened the link, with the id of what it leads to."""
        new = make_place(self.session, beside=self.place)
        self.session.execute(delete(Placement).where(Placement.id == new.placement.id))
        una = make_person(self.session, new, "Una", LmsRole.INSTRUCTOR)
        link = ResourceLink(course_id=new.course.id, resource_link_id="l", origins={}, created_at=clock.now())
        self.session.add(link)
        self.session.flush()
        made = copies.settle(self.session, una, link.id, named=self.place.placement.uuid, kind="")
        assert made is not None
        original = copies.adopt(self.session, una, made)
        assert original is not None
        bring_prompts(self.session, una, original, made.id)
        self.session.flush()
        return new, una, made.id


@given(st.lists(st.sampled_from(DEEDS), max_size=8))
@example(list(DEEDS))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_table_of_a_copy_holds_a_word_of_the_old_course(session: Session, deeds: list[str]) -> None:
    old = Old(session)
    for deed in deeds:
        old.do(deed)
    new, _una, _placement_id = old.copied()
    session.flush()
    there, here = rows_of(session, old.place.course.id), rows_of(session, new.course.id)
    assert "Secretthread" in there, "the net catches what is there to be caught"
    assert "'source': 'prompt'" in here, "and in the copy, too"
    assert not re.findall(r"Secret\w+", here)


def test_no_page_of_a_copy_shows_a_word_of_the_old_course(app: Flask, session: Session) -> None:
    old = Old(session)
    for deed in DEEDS:
        old.do(deed)
    new, una, placement_id = old.copied()
    ben = make_person(session, new, "Ben")
    for actor in (una, ben):
        sign_in(session, new, actor, f"copy-{actor.user_id}")
    session.commit()
    for actor in (una, ben):
        seat = Seat(app, f"copy-{actor.user_id}", f"/w/{placement_id}/discussion")
        pages = walk(seat, f"/w/{placement_id}/")
        assert len(pages) > 10, sorted(pages)
        assert any("prompt" in page for page in pages.values())
        for address, page in pages.items():
            assert not re.findall(r"Secret\w+", page), address
        refused = seat.open(f"/w/{old.place.placement.id}/discussion/")
        assert refused.status_code == 401


def walk(seat: Seat, below: str, most: int = 60) -> dict[str, str]:
    """The pages that can be reached from the first one by links, by their addresses."""
    pages: dict[str, str] = {}
    waiting: deque[str] = deque([f"{seat.base}/"])
    while waiting and len(pages) < most:
        address = waiting.popleft()
        if address in pages or not address.startswith(below):
            continue
        response = seat.open(address)
        if response.status_code != 200 or "html" not in response.content_type:
            pages[address] = response.get_data(as_text=True) if response.status_code == 200 else ""
            continue
        pages[address] = response.get_data(as_text=True)
        links: Callable[[str], list[str]] = re.compile(r'href="(/w/[^"#]+)').findall
        waiting.extend(link.replace("&amp;", "&") for link in links(pages[address]))
    return pages

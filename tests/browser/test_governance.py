"""A community's settings and its public summary in a real browser: at every width, light and dark, without scripts."""

from collections.abc import Callable
from typing import Literal

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.hooks import Level
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.secrets import new_token
from lmssocial.lms.identity.actor import Actor, Office
from lmssocial.lms.identity.launch_models import CourseServices
from lmssocial.lms.identity.models import Membership, User
from lmssocial.lms.identity.roles import LmsRole
from lmssocial.lms.roster import schedule
from lmssocial.lms.roster.ports import Belonging
from lmssocial.social.communities import appointments, lms_groups
from lmssocial.social.communities.models import Community, Tier
from lmssocial.social.moderation.models import Backtest
from lmssocial.social.plugin_settings import service as plugin_settings
from lmssocial.widgets.discussion import service
from lmssocial.widgets.discussion.drafts import ThreadDraft
from lmssocial_summary import counting
from lmssocial_summary.models import Count
from tests.support.discussion import let_pass
from tests.support.pages import accessibility_faults, no_horizontal_scroll
from tests.support.people import Place, make_person, make_place, sign_in
from tests.support.servers import OwnTool

LINKS = "https://a.example/1 https://a.example/2 https://a.example/3"


class Scene:
    """A course in which much was decided."""

    def __init__(self, session: Session) -> None:
        """Play it."""
        self.place: Place = make_place(session)
        self.iris = make_person(session, self.place, "Iris Prado", LmsRole.INSTRUCTOR)
        self.stella = make_person(session, self.place, "Stella Steward-with-a-very-long-Hyphenated-Surname")
        for number in range(30):
            make_person(session, self.place, f"Learner Number {number:02d}")
        session.get_one(Community, self.place.community.id).tier = Tier.REVIEWED
        appointments.appoint(session, self.iris, self.stella.user_id, Office.STEWARD)
        appointments.appoint(session, self.iris, self.stella.user_id, Office.SME)
        for plugin in ("linklimit", "words", "summary"):
            plugin_settings.switch(
                session, plugin, on=True, level=Level.COURSE, place_id=self.place.course.id
            )
        plugin_settings.configure(
            session, "words", {"entries": ["numbskull*"]}, level=Level.TENANT, place_id=self.place.tenant.id
        )
        plugin_settings.lock(
            session, "words", ["entries", "stance"], level=Level.TENANT, place_id=self.place.tenant.id
        )
        draft = ThreadDraft(
            placement_id=self.place.placement.id, title="Where prices come from " * 4, source=LINKS
        )
        posted = service.post_thread(session, let_pass, self.stella, draft)
        session.add(_tried_out(self.place, posted.post_id))
        self._count(session)
        self._roster(session)
        self.base = f"/w/{self.place.placement.id}"

    def _roster(self, session: Session) -> None:
        """The LMS told who is in the course, and in which groups; one of them has not come yet."""
        course_id, now = self.place.course.id, clock.now()
        session.add(
            CourseServices(course_id=course_id, memberships_url="https://lms.example/members", noted_at=now)
        )
        source = schedule.source_of(session, course_id)
        source.completed_at, source.last_error, source.next_at = now, "away: timed out", now
        newcomer = make_person(session, self.place, "A Newcomer")
        session.get_one(User, newcomer.user_id).is_test = True
        session.scalars(
            select(Membership).where(Membership.user_id == newcomer.user_id)
        ).one().last_launch_at = None
        sections = frozenset({"Monday, nine o'clock, the small room", "4711"})
        lms_groups.belong(session, course_id, {newcomer.user_id: Belonging(sections=sections)})

    def _count(self, session: Session) -> None:
        found = {
            counting.What.OPENED: {"policy": 14, "flag": 4, "appeal": 1},
            counting.What.DECIDED: {"approved": 9, "rejected": 2, "redacted": 3},
            counting.What.APPEAL: {"overturned": 1},
            counting.What.HOURS: {"4": 8, "24": 7},
            counting.What.FLAG: {"spam": 3, "unkind": 4},
            counting.What.POLICY: {"linklimit": 11, "words": 3},
        }
        for what, numbers in found.items():
            for which, number in numbers.items():
                session.add(
                    Count(
                        tenant_id=self.place.tenant.id,
                        community_id=self.place.community.id,
                        month="2026-03",
                        what=what,
                        which=which,
                        number=number,
                    )
                )


def _tried_out(place: Place, post_id: int) -> Backtest:
    return Backtest(
        policy="linklimit",
        version="0.0",
        level=Level.COURSE,
        place_id=place.course.id,
        values={},
        days=90,
        looked_at=412,
        would_hold=14,
        would_advise=6,
        failed=2,
        of_them_flagged=3,
        of_them_upheld=2,
        complete=False,
        examples={"ids": [post_id]},
        at=clock.now(),
    )


@pytest.fixture
def scene(session: Session) -> Scene:
    """A course with some history."""
    return Scene(session)


Enter = Callable[[BrowserContext, Actor], str]


@pytest.fixture
def enter(app: Flask, session: Session, scene: Scene, live_tool: Callable[..., OwnTool]) -> Enter:
    """Sign somebody in to the running tool in a browser; answers the address of the placement."""
    tool = live_tool()

    def sign(context: BrowserContext, actor: Actor) -> str:
        token = new_token()
        sign_in(session, scene.place, actor, token)
        session.commit()
        with app.test_request_context():
            serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        cookie = serializer.dumps({"browser": token})
        context.add_cookies([{"name": "lmssocial-local", "value": cookie, "url": tool.address}])
        return f"{tool.address}{scene.base}"

    return sign


PAGES = (
    "/settings/",
    "/settings/rules",
    "/settings/tier",
    "/settings/policies",
    "/settings/policies/linklimit",
    "/settings/policies/words",
    "/x/summary/",
)
FOUNDERS_PAGES = (
    *PAGES,
    "/settings/tier/change?tier=assured",
    "/settings/people",
    "/settings/people?q=nobody",
    "/settings/members",
)


def test_every_page_is_usable_at_every_width_in_light_and_dark(
    browser: Browser, scene: Scene, enter: Enter
) -> None:
    faults: list[str] = []
    visits: tuple[tuple[int, Literal["light", "dark"], Actor, tuple[str, ...], str], ...] = (
        (320, "light", scene.iris, FOUNDERS_PAGES, "en"),
        (700, "dark", scene.stella, PAGES, "ar"),
        (1200, "light", scene.iris, FOUNDERS_PAGES, "en"),
    )
    for width, scheme, actor, pages, locale in visits:
        context = browser.new_context(
            viewport={"width": width, "height": 800}, color_scheme=scheme, locale=locale
        )
        address, page = enter(context, actor), context.new_page()
        for path in pages:
            answer = page.goto(address + path)
            assert answer is not None
            assert answer.status == 200, path
            faults += [f"{width} {scheme} {path}: {fault}" for fault in accessibility_faults(page)]
            no_horizontal_scroll(page)
        context.close()
    assert not faults, "\n".join(faults)


def test_a_policy_is_tried_out_and_enforced_without_scripts(
    browser: Browser, scene: Scene, enter: Enter
) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 800})
    address, page = enter(context, scene.stella), context.new_page()
    page.goto(f"{address}/settings/policies/linklimit")
    expect(page.get_by_role("radio", name="Enforce")).to_be_disabled()
    page.get_by_role("button", name="Try it out on the last 90 days").click()
    expect(page.get_by_text("It would have held 1 of 1 posts.")).to_be_visible()
    page.get_by_role("radio", name="Enforce").check()
    page.get_by_role("button", name="Save").first.click()
    expect(page.locator(".notice.good")).to_contain_text("Saved")
    expect(page.get_by_role("radio", name="Enforce")).to_be_checked()
    context.close()

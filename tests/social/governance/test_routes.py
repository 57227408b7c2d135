"""A community's settings from end to end: who may what, and what becomes of it."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from types import SimpleNamespace

import pytest
from flask import Flask, get_template_attribute
from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.hooks import Level, Stance
from lmssocial.core.kernel import clock
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.communities.models import Appointment, Community, Tier
from lmssocial.social.moderation.models import Backtest, Deed, Entry
from lmssocial.social.plugin_settings import service as plugin_settings
from lmssocial.social.plugin_settings.models import PluginSetting
from tests.social.governance.conftest import Chair, SitDown, switch_on
from tests.support.people import Place, make_person, make_place, sign_in
from tests.support.queries import Queries
from tests.support.seat import Seat, text_of

LINKS = "https://a.example/1 https://a.example/2 https://a.example/3"


def log(session: Session) -> list[tuple[Deed, str]]:
    """What the log of moderation tells, in order."""
    session.rollback()
    return [(row.deed, row.note) for row in session.scalars(select(Entry).order_by(Entry.id))]


def stance_here(session: Session, place: Place, plugin: str = "linklimit") -> Stance | None:
    """What the course decided about a policy."""
    session.rollback()
    return session.scalar(
        select(PluginSetting.stance).where(
            PluginSetting.plugin == plugin,
            PluginSetting.level == Level.COURSE,
            PluginSetting.place_id == place.course.id,
        )
    )


def write(chair: Chair, title: str, source: str) -> None:
    """Open a thread."""
    chair.seat.fill_in("/threads/new", "/threads/new", title=title, source=source)


def test_learners_and_smes_find_no_settings(sit: SitDown, ben: Actor, sam: Actor) -> None:
    for somebody in (ben, sam):
        chair = sit(somebody)
        assert ">Settings<" not in chair.seat.open("/").get_data(as_text=True)
        for path in (
            "/",
            "/rules",
            "/tier",
            "/tier/change?tier=assured",
            "/policies",
            "/policies/linklimit",
            "/people",
        ):
            assert chair.open(path).status_code in {403, 404}, path
        for path in ("/rules", "/tier", "/policies/linklimit/stance", "/policies/linklimit/try"):
            answer = chair.send(path, rules="x", answer_hours="1", stance="off", tier="assured", was="open")
            assert answer.status_code in {403, 404}, path


def test_a_steward_keeps_rules_and_policies_and_founds_nothing(
    session: Session, place: Place, sit: SitDown, stella: Actor, ben: Actor
) -> None:
    switch_on(session, place)
    chair = sit(stella)
    assert ">Settings<" in chair.seat.open("/").get_data(as_text=True)
    page = chair.open("/").get_data(as_text=True)
    assert "/settings/rules" in page
    assert "/settings/people" not in page
    assert "Saved" in chair.press("/rules", "/settings/rules", rules="Be brief.", answer_hours="24")
    assert "Saved" in chair.press("/policies/linklimit", "/stance", stance="advise")
    assert stance_here(session, place) is Stance.ADVISE
    assert "An instructor of this course can change it" in chair.reads("/tier")
    assert chair.open("/tier/change?tier=assured").status_code == 403
    assert chair.send("/tier", tier="assured", was="open").status_code == 403
    assert chair.open("/people").status_code == 403
    assert chair.send(f"/people/{ben.user_id}", office="sme", to="appoint").status_code == 403
    assert chair.send("/policies/linklimit/switch", to="off").status_code == 403
    assert session.get_one(Community, place.community.id).tier is Tier.OPEN
    assert session.get(Appointment, (place.community.id, ben.user_id)) is None


def test_nobody_of_another_tenant_gets_in(app: object, session: Session, sit: SitDown, iris: Actor) -> None:
    theirs = make_place(session)
    ours = sit(iris)
    assert ours.open("/").status_code == 200
    for path in ("/", "/rules", "/policies", "/people"):
        assert ours.seat.open(f"/w/{theirs.placement.id}/settings{path}").status_code == 401
    stranger = make_person(session, theirs, "Stan Stranger")
    answer = ours.send(f"/people/{stranger.user_id}", office="steward", to="appoint")
    assert answer.status_code == 404
    assert ours.open("/policies/no-such-plugin").status_code == 404
    assert ours.open("/policies/discussion").status_code == 404
    assert Seat(app, "nobody", "/").open(f"/w/{ours.placement_id}/settings/").status_code == 401  # type: ignore[arg-type]


def test_ground_rules_are_previewed_saved_and_say_who_changed_them(
    session: Session, sit: SitDown, iris: Actor, ben: Actor
) -> None:
    chair, learner = sit(iris), sit(ben)
    assert "a new community starts with" in chair.reads("/rules")
    seen = chair.press(
        "/rules", "/rules", "preview", rules="Say <b>why</b>.\n\n Be brief. ", answer_hours="36"
    )
    assert "Say &lt;b&gt;why&lt;/b&gt;." in seen
    assert log(session) == []
    said = chair.press("/rules", "/rules", rules="Say <b>why</b>.\n\n Be brief. ", answer_hours="36")
    assert "Saved" in said
    assert "Changed last by Iris Prado" in said
    assert "Be brief." in text_of(learner.seat.open("/threads/new"))
    assert log(session) == [(Deed.RULES_CHANGED, "36 h\nSay <b>why</b>.\nBe brief.")]
    assert "Nothing was different" in chair.press("/rules", "/rules")
    assert len(log(session)) == 1


@pytest.mark.parametrize(
    ("rules", "hours"),
    [("x", "0"), ("x", "337"), ("x", "soon"), ("x" * 201, "4"), ("\n".join(map(str, range(13))), "4")],
)
def test_rules_and_hours_have_bounds_and_nothing_typed_is_lost(
    session: Session, sit: SitDown, iris: Actor, rules: str, hours: str
) -> None:
    chair = sit(iris)
    answer = chair.seat.send(chair.seat.form(chair.open("/rules"), "/rules"), rules=rules, answer_hours=hours)
    assert answer.status_code == 422
    assert rules.splitlines()[0] in answer.get_data(as_text=True)
    assert log(session) == []


def test_a_change_of_the_tier_says_what_happens_first(
    session: Session, place: Place, sit: SitDown, iris: Actor
) -> None:
    chair = sit(iris)
    said = chair.reads("/tier/change?tier=assured")
    assert "From Open practice to Assured?" in said
    assert "Nothing waits for a decision" in said
    assert "only SMEs and instructors decide" in said
    assert "Changed." in chair.press("/tier/change?tier=assured", "/settings/tier")
    assert log(session) == [(Deed.TIER_CHANGED, "open → assured")]
    assert session.get_one(Community, place.community.id).tier is Tier.ASSURED
    stale = chair.send("/tier", tier="reviewed", was="open")
    assert stale.status_code == 409
    assert chair.send("/tier", tier="none", was="assured").status_code == 303
    assert session.get_one(Community, place.community.id, populate_existing=True).tier is Tier.ASSURED
    assert "Stewards may decide again" in chair.reads("/tier/change?tier=open")


def test_a_policy_is_enforced_only_after_it_was_tried_out(
    session: Session, place: Place, sit: SitDown, iris: Actor, ben: Actor
) -> None:
    session.get_one(Community, place.community.id).tier = Tier.REVIEWED
    chair, learner = sit(iris), sit(ben)
    write(learner, "One link", "https://a.example/1")
    write(learner, "Three links", LINKS)
    assert "It is on for this course" in chair.press("/policies/linklimit", "/switch")
    page = chair.open("/policies/linklimit").get_data(as_text=True)
    assert re.search(r'value="enforce"[^>]* disabled', page)
    aged = chair.seat.client.post(chair.address("/policies/linklimit/stance"), data={"stance": "advise"})
    assert "This page was opened before your present sign-in" in text_of(chair.seat.follow(aged))
    refused = chair.send("/policies/linklimit/stance", stance="enforce")
    assert "try it out on the posts of the last 90 days" in text_of(chair.seat.follow(refused))
    assert stance_here(session, place) is None
    said = chair.press("/policies/linklimit", "/try")
    assert "It would have held 1 of 2 posts. Nobody flagged 1 of them." in said
    assert "Three links" in said
    assert "One link" not in said
    session.rollback()
    found = session.scalars(select(Backtest)).one()
    assert (found.ran_by_id, found.complete, found.failed) == (iris.user_id, True, 0)
    assert "Saved" in chair.press("/policies/linklimit", "/stance", stance="enforce")
    assert stance_here(session, place) is Stance.ENFORCE
    said = chair.press("/policies/linklimit", "/linklimit/settings", limit="1")
    assert "its verdicts are only noted" in said
    assert stance_here(session, place) is Stance.SHADOW
    assert [note for deed, note in log(session) if deed is Deed.STANCE_CHANGED] == [
        "linklimit: switched on",
        "linklimit: shadow → enforce",
        "linklimit: own settings",
        "linklimit: enforce → shadow, its settings changed",
    ]


def test_what_a_policy_noted_in_shadow_is_counted(
    session: Session, place: Place, sit: SitDown, iris: Actor, ben: Actor
) -> None:
    switch_on(session, place)
    chair, learner = sit(iris), sit(ben)
    assert "objected to nothing in the last 30 days" in chair.reads("/policies/linklimit")
    write(learner, "Three links", LINKS)
    assert "it would hold 1 post" in chair.reads("/policies")
    assert "agreed with it" not in chair.reads("/policies/linklimit")


def test_what_the_institution_locked_is_text_and_cannot_be_changed(
    session: Session, place: Place, sit: SitDown, iris: Actor
) -> None:
    plugin_settings.switch(session, "linklimit", on=True, level=Level.TENANT, place_id=place.tenant.id)
    plugin_settings.configure(
        session, "linklimit", {"limit": 7}, level=Level.TENANT, place_id=place.tenant.id
    )
    plugin_settings.lock(
        session, "linklimit", ["enabled", "stance", "limit"], level=Level.TENANT, place_id=place.tenant.id
    )
    chair = sit(iris)
    page = chair.open("/policies/linklimit")
    assert 'name="limit"' not in page.get_data(as_text=True)
    assert "Links that one post may carry 7 set by your institution" in text_of(page)
    assert 'name="stance"' not in page.get_data(as_text=True)
    assert chair.send("/policies/linklimit/stance", stance="off").status_code == 403
    assert chair.send("/policies/linklimit/switch", to="off").status_code == 403
    chair.send("/policies/linklimit/settings", limit="1", trusted_roles="instructor")
    session.rollback()
    row = session.scalars(select(PluginSetting).where(PluginSetting.level == Level.COURSE)).one()
    assert row.values["trusted_roles"] == ["instructor"]
    assert "limit" not in row.values
    assert "Links that one post may carry 7" in chair.reads("/policies/linklimit")


def test_settings_of_the_course_give_way_to_those_of_the_institution(
    session: Session, place: Place, sit: SitDown, iris: Actor
) -> None:
    switch_on(session, place)
    chair = sit(iris)
    wrong = chair.seat.send(
        chair.seat.form(chair.open("/policies/linklimit"), "/linklimit/settings"), limit="many"
    )
    assert wrong.status_code == 422
    assert 'value="many"' in wrong.get_data(as_text=True)
    assert "Saved" in chair.press("/policies/linklimit", "/linklimit/settings", limit="5")
    assert 'value="5"' in chair.open("/policies/linklimit").get_data(as_text=True)
    assert "Saved" in text_of(chair.seat.follow(chair.send("/policies/linklimit/settings", drop="1")))
    assert 'value="2"' in chair.open("/policies/linklimit").get_data(as_text=True)


def test_people_are_found_appointed_and_dismissed(
    session: Session, place: Place, sit: SitDown, iris: Actor, ben: Actor
) -> None:
    chair = sit(iris)
    assert "Nobody looks after this community yet" in chair.reads("/")
    assert "There is no steward yet" in chair.reads("/people")
    page = chair.open("/people?q=okoro")
    assert "Ben Okoro" in text_of(page)
    assert "Make a steward Iris Prado" not in text_of(page)
    answer = chair.send(f"/people/{ben.user_id}", office="steward", to="appoint", q="okoro")
    assert answer.headers["Location"].endswith("/settings/people?q=okoro")
    assert "Ben Okoro is a steward now" in text_of(chair.seat.follow(answer))
    assert "There is no steward yet" not in chair.reads("/people")
    assert "Nobody looks after this community yet" not in chair.reads("/")
    assert ">Settings<" in sit(ben).seat.open("/").get_data(as_text=True)
    chair.send(f"/people/{ben.user_id}", office="steward", to="dismiss")
    assert log(session) == [
        (Deed.APPOINTED, f"steward: {ben.user_id}"),
        (Deed.DISMISSED, f"steward: {ben.user_id}"),
    ]
    assert session.get(Appointment, (place.community.id, ben.user_id)) is None


def test_the_log_tells_in_words_what_was_changed(
    session: Session, place: Place, sit: SitDown, iris: Actor, ben: Actor
) -> None:
    switch_on(session, place)
    chair = sit(iris)
    chair.send("/tier", tier="assured", was="open")
    chair.send(f"/people/{ben.user_id}", office="sme", to="appoint")
    chair.send("/policies/linklimit/stance", stance="advise")
    chair.send("/policies/linklimit/settings", drop="1")
    chair.send("/rules", rules="Be brief.", answer_hours="24")
    said = text_of(chair.seat.open(f"/w/{chair.placement_id}/moderation/log"))
    for words in (
        "Open practice → Assured",
        "SME: Ben Okoro",
        "Link limit: Shadow → Advise",
        "Link limit: settings of the institution",
        "24 h Be brief.",
    ):
        assert words in said


def test_a_page_that_grew_old_changes_nothing(
    session: Session, place: Place, sit: SitDown, iris: Actor, ben: Actor
) -> None:
    switch_on(session, place)
    chair = sit(iris)
    for path, values in (
        ("/tier", {"tier": "assured", "was": "open"}),
        (f"/people/{ben.user_id}", {"office": "sme", "to": "appoint"}),
        ("/policies/linklimit/switch", {"to": "off"}),
        ("/policies/linklimit/stance", {"stance": "off"}),
        ("/policies/linklimit/stance", {"follow": "1"}),
        ("/policies/linklimit/try", {}),
        ("/policies/linklimit/settings", {"drop": "1"}),
    ):
        answer = chair.seat.client.post(chair.address(path), data=values)
        assert answer.status_code == 303, path
    assert chair.seat.client.post(chair.address("/rules"), data={"answer_hours": "1"}).status_code == 422
    assert log(session) == []
    assert session.scalar(select(Backtest)) is None


def test_pages_take_as_many_queries_for_much_as_for_little(
    session: Session,
    place: Place,
    sit: SitDown,
    iris: Actor,
    ben: Actor,
    count_queries: Callable[[], AbstractContextManager[Queries]],
) -> None:
    switch_on(session, place)
    session.get_one(Community, place.community.id).tier = Tier.REVIEWED
    chair, learner = sit(iris), sit(ben)
    write(learner, "Three links", LINKS)
    chair.press("/policies/linklimit", "/try")
    pages = ("/", "/rules", "/tier", "/policies", "/policies/linklimit", "/people")

    def counts() -> list[int]:
        found = []
        for path in pages:
            chair.open(path)
            with count_queries() as queries:
                assert chair.open(path).status_code == 200
            found.append(len(queries))
        return found

    few = counts()
    session.rollback()
    for number in range(4):
        write(learner, f"Links {number}", f"{LINKS} {number}")
        session.rollback()
        make_person(session, place)
        session.commit()
    session.rollback()
    for plugin in ("words", "personaldata", "firstposts"):
        switch_on(session, place, plugin)
    session.commit()
    chair.press("/policies/linklimit", "/try")
    assert counts() == few
    assert max(few) <= 12, dict(zip(pages, few, strict=True))


def test_a_sign_in_elsewhere_in_the_tenant_opens_nothing_here(
    session: Session, place: Place, sit: SitDown, iris: Actor
) -> None:
    beside = make_place(session, beside=place)
    sign_in(session, place, iris, "one-browser")
    session.commit()
    chair = sit(iris)
    assert chair.seat.open(f"/w/{beside.placement.id}/settings/policies").status_code == 401


def test_a_policy_for_files_alone_is_given_no_tally_of_old_posts(app: Flask) -> None:
    result = SimpleNamespace(
        looked_at=75, would_hold=0, of_them_flagged=0, of_them_upheld=0, would_advise=0, failed=0
    )
    result.complete, result.at = True, clock.now()
    trial = SimpleNamespace(result=result, is_fresh=True, examples=())
    with app.test_request_context():
        trial_of = get_template_attribute("governance/_trial.html", "trial_of")
        assert "It would have held 0 of 75 posts." in trial_of(trial)
        assert "75" not in trial_of(trial, tally=False).partition("Tried out")[0]
        assert "Tried out" in trial_of(trial, tally=False)

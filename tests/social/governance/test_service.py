"""What is decided about a community, as rules: who may, what is refused, what is written down."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.hooks import Level, Manifest, PluginHost, Ruling, Stance
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from lmssocial.lms.identity.actor import Actor, Office
from lmssocial.plugin import Submission, hookimpl
from lmssocial.social.communities.models import Community, Tier
from lmssocial.social.governance import access, queries, service
from lmssocial.social.governance.decided import Decided, decided_in
from lmssocial.social.governance.drafts import RulesDraft
from lmssocial.social.governance.noted import Noted, noted
from lmssocial.social.moderation.models import Backtest, Case, CaseState, Deed, Entry, Origin, PolicyVerdict
from lmssocial.social.plugin_settings import service as plugin_settings
from tests.support.discussion import events
from tests.support.people import Place, make_person, make_place


@hookimpl
def judges(submission: Submission) -> None:
    """Only there so that it is a policy."""
    del submission


@pytest.fixture
def host() -> PluginHost:
    """A policy for courses, one for tenants, and a plugin that judges nothing."""
    host = PluginHost()
    for name, level, policy in (
        ("polite", Level.COURSE, True),
        ("central", Level.TENANT, True),
        ("tally", Level.COURSE, False),
    ):
        manifest = Manifest(name=name, title=name.title(), summary="", configured_per=level)
        hooks = {"lmssocial_screen_submission": judges} if policy else {}
        host.register(SimpleNamespace(manifest=manifest, **hooks), name)
    assert not host.broken
    return host


def tried(session: Session, place: Place, policy: str = "polite", **changes: object) -> None:
    """A backtest of a policy without settings."""
    values = {
        **dict.fromkeys(("would_hold", "would_advise", "failed", "of_them_flagged", "of_them_upheld"), 0),
        "looked_at": 4,
        "days": 90,
        "complete": True,
        "examples": {},
        "values": {},
        "version": "",
        "policy": policy,
        "level": Level.COURSE,
        "place_id": place.course.id,
        "at": clock.now(),
    }
    session.add(Backtest(**{**values, **changes}))
    session.flush()


def notes(session: Session) -> list[str]:
    """What was written down."""
    session.flush()
    return list(session.scalars(select(Entry.note).order_by(Entry.id)))


def test_who_may_what_is_one_table(iris: Actor, stella: Actor, sam: Actor, ben: Actor) -> None:
    found = {
        actor.name: (access.can_govern(actor), access.can_found(actor)) for actor in (iris, stella, sam, ben)
    }
    assert found == {
        "Iris Prado": (True, True),
        "Stella Steward": (True, False),
        "Sam Expert": (False, False),
        "Ben Okoro": (False, False),
    }
    for actor, (governs, founds) in zip((iris, stella, sam, ben), found.values(), strict=True):
        for require, allowed in ((access.require_governor, governs), (access.require_founder, founds)):
            if allowed:
                require(actor)
            else:
                with pytest.raises(NotAllowed):
                    require(actor)


Act = Callable[[Session, Actor, PluginHost, int], object]

FOR_GOVERNORS: dict[str, Act] = {
    "rules": lambda session, actor, _host, _id: service.change_rules(
        session, actor, RulesDraft(rules=("Be brief.",), answer_hours=1)
    ),
    "stance": lambda session, actor, host, _id: service.take_stance(
        session, actor, host, "polite", Stance.ADVISE
    ),
}
FOR_FOUNDERS: dict[str, Act] = {
    "tier": lambda session, actor, _host, _id: service.change_tier(
        session, actor, Tier.ASSURED, was=Tier.OPEN
    ),
    "switch": lambda session, actor, host, _id: service.switch(session, actor, host, "polite", on=True),
    "appoint": lambda session, actor, _host, user_id: service.appoint(session, actor, user_id, Office.SME),
    "dismiss": lambda session, actor, _host, user_id: service.dismiss(session, actor, user_id, Office.SME),
}


@pytest.mark.parametrize("deed", [*FOR_GOVERNORS, *FOR_FOUNDERS])
def test_every_deed_is_refused_to_whoever_may_not(
    session: Session, host: PluginHost, stella: Actor, sam: Actor, ben: Actor, deed: str
) -> None:
    act = {**FOR_GOVERNORS, **FOR_FOUNDERS}[deed]
    for actor in (sam, ben, *([stella] if deed in FOR_FOUNDERS else [])):
        with pytest.raises(NotAllowed):
            act(session, actor, host, sam.user_id)
    if deed in FOR_GOVERNORS:
        act(session, stella, host, ben.user_id)
    assert len(notes(session)) == (deed in FOR_GOVERNORS)


def test_what_is_appointed_twice_is_written_once(session: Session, iris: Actor, ben: Actor) -> None:
    for _time in range(2):
        service.appoint(session, iris, ben.user_id, Office.SME)
    for _time in range(2):
        service.dismiss(session, iris, ben.user_id, Office.SME)
    assert notes(session) == [f"sme: {ben.user_id}", f"sme: {ben.user_id}"]


def test_rules_beyond_the_bounds_are_refused_by_the_service_too(session: Session, iris: Actor) -> None:
    for draft in (
        RulesDraft(rules=("x",), answer_hours=0),
        RulesDraft(rules=("x",), answer_hours=337),
        RulesDraft(rules=("x" * 201,), answer_hours=1),
        RulesDraft(rules=tuple(map(str, range(13))), answer_hours=1),
    ):
        with pytest.raises(Invalid):
            service.change_rules(session, iris, draft)
    assert notes(session) == []


def test_a_tier_changed_meanwhile_is_left_alone(session: Session, place: Place, iris: Actor) -> None:
    service.change_tier(session, iris, Tier.REVIEWED, was=Tier.OPEN)
    with pytest.raises(Conflict):
        service.change_tier(session, iris, Tier.ASSURED, was=Tier.OPEN)
    service.change_tier(session, iris, Tier.REVIEWED, was=Tier.REVIEWED)
    assert session.get_one(Community, place.community.id).tier is Tier.REVIEWED
    assert notes(session) == ["open → reviewed"]


def test_a_stance_follows_the_institution_again(
    session: Session, place: Place, host: PluginHost, iris: Actor
) -> None:
    plugin_settings.switch(session, "polite", on=True, level=Level.TENANT, place_id=place.tenant.id)
    plugin_settings.take_stance(
        session, "polite", Stance.ADVISE, level=Level.TENANT, place_id=place.tenant.id
    )
    service.take_stance(session, iris, host, "polite", Stance.OFF)
    found = decided_in(session, iris)["polite"]
    assert (found.stance, found.institution_stance, found.has_own_stance) == (Stance.OFF, Stance.ADVISE, True)
    service.take_stance(session, iris, host, "polite", None)
    found = decided_in(session, iris)["polite"]
    assert (found.stance, found.has_own_stance) == (Stance.ADVISE, False)
    assert notes(session) == ["polite: advise → off", "polite: off → advise"]


@pytest.mark.parametrize("name", ["nobody", "central", "tally"])
def test_only_policies_for_courses_take_a_stance_in_one(
    session: Session, host: PluginHost, iris: Actor, name: str
) -> None:
    with pytest.raises(NotFound):
        service.take_stance(session, iris, host, name, Stance.ADVISE)
    if name != "tally":
        with pytest.raises(NotFound):
            service.switch(session, iris, host, name, on=True)


def test_an_enforced_policy_stays_so_when_its_backtest_has_aged(
    session: Session, place: Place, host: PluginHost, iris: Actor
) -> None:
    with pytest.raises(Conflict):
        service.take_stance(session, iris, host, "polite", Stance.ENFORCE)
    tried(session, place)
    service.take_stance(session, iris, host, "polite", Stance.ENFORCE)
    session.scalars(select(Backtest)).one().at -= timedelta(days=8)
    session.flush()
    service.take_stance(session, iris, host, "polite", Stance.ENFORCE)
    assert decided_in(session, iris)["polite"].stance is Stance.ENFORCE
    service.take_stance(session, iris, host, "polite", Stance.SHADOW)
    with pytest.raises(Conflict):
        service.take_stance(session, iris, host, "polite", Stance.ENFORCE)


def test_a_backtest_speaks_for_the_tier_it_was_run_in(
    session: Session, place: Place, host: PluginHost, iris: Actor
) -> None:
    tried(session, place, at=clock.now() - timedelta(hours=2))
    service.change_tier(session, iris, Tier.REVIEWED, was=Tier.OPEN)
    session.flush()
    with pytest.raises(Conflict, match="quality tier has changed"):
        service.take_stance(session, iris, host, "polite", Stance.ENFORCE)
    tried(session, place, at=clock.now() + timedelta(seconds=1))
    service.take_stance(session, iris, host, "polite", Stance.ENFORCE)
    assert decided_in(session, iris)["polite"].stance is Stance.ENFORCE


def test_a_policy_that_failed_on_everything_cannot_be_enforced(
    session: Session, place: Place, host: PluginHost, iris: Actor
) -> None:
    tried(session, place, failed=4)
    with pytest.raises(Conflict, match="failed on every post"):
        service.take_stance(session, iris, host, "polite", Stance.ENFORCE)


def test_the_course_sees_its_own_plugins_and_those_that_are_on(
    session: Session, place: Place, host: PluginHost, iris: Actor
) -> None:
    assert [line.name for line in queries.lines(session, iris, host)] == ["polite", "tally"]
    plugin_settings.switch(session, "central", on=True, level=Level.TENANT, place_id=place.tenant.id)
    plugin_settings.lock(session, "polite", ["enabled"], level=Level.TENANT, place_id=place.tenant.id)
    plugin_settings.switch(session, "gone", on=True, level=Level.INSTALLATION)
    session.flush()
    found = {line.name: line for line in queries.lines(session, iris, host)}
    assert found.keys() == {"central", "gone", "tally"}
    assert not found["central"].can_switch
    assert (found["gone"].is_absent, found["gone"].title) == (True, "gone")
    overview = queries.overview(session, iris, host)
    assert (overview.policies_on, overview.enforced, overview.stewards) == (1, 0, 0)


def test_what_was_decided_elsewhere_is_not_decided_here(session: Session, place: Place, iris: Actor) -> None:
    beside, other = make_place(session, beside=place), make_place(session)
    plugin_settings.switch(session, "polite", on=True, level=Level.COURSE, place_id=beside.course.id)
    plugin_settings.switch(session, "polite", on=True, level=Level.TENANT, place_id=other.tenant.id)
    session.flush()
    assert decided_in(session, iris).get("polite", Decided()) == Decided()


def test_accuracy_is_the_share_of_holds_that_people_agreed_with(
    session: Session, place: Place, iris: Actor, ben: Actor
) -> None:
    def said(contribution_id: int, ruling: Ruling, *outcomes: CaseState, days_ago: int = 1) -> None:
        at = clock.now() - timedelta(days=days_ago)
        where = {"tenant_id": place.tenant.id, "community_id": place.community.id}
        session.add(
            PolicyVerdict(
                **where,
                contribution_id=contribution_id,
                policy="polite",
                version="1",
                stance=Stance.SHADOW,
                ruling=int(ruling),
                effective=0,
                reason="r",
                at=at,
            )
        )
        for outcome in outcomes:
            session.add(
                Case(
                    **where,
                    placement_id=place.placement.id,
                    kind="shelf.book",
                    contribution_id=contribution_id,
                    author_id=ben.user_id,
                    origin=Origin.FLAG,
                    state=outcome,
                    verdicts={"verdicts": []},
                    opened_at=at,
                    due_at=at,
                )
            )
            session.flush()

    said(1, Ruling.HOLD, CaseState.REJECTED)
    said(2, Ruling.REJECT, CaseState.REJECTED, CaseState.APPROVED)
    said(3, Ruling.HOLD, CaseState.OPEN)
    said(4, Ruling.HOLD)
    said(5, Ruling.ANNOTATE, CaseState.REJECTED)
    said(6, Ruling.REDACT)
    said(7, Ruling.HOLD, CaseState.REJECTED, days_ago=40)
    assert noted(session, iris) == {"polite": Noted(held=4, redacted=1, advised=1, judged=2, upheld=1)}
    stranger = make_person(session, make_place(session, beside=place))
    assert noted(session, stranger) == {}
    assert queries.last_change(session, iris, Deed.TIER_CHANGED) is None


def test_the_log_hears_what_was_decided_by_name_and_never_how(
    session: Session, host: PluginHost, iris: Actor, ben: Actor
) -> None:
    draft = RulesDraft(rules=("Be brief, says Iris.",), answer_hours=7)
    assert service.change_rules(session, iris, draft)
    assert not service.change_rules(session, iris, draft)
    service.change_rules(session, iris, RulesDraft(rules=draft.rules, answer_hours=8))
    service.change_tier(session, iris, Tier.REVIEWED, was=Tier.OPEN)
    service.appoint(session, iris, ben.user_id, Office.SME)
    service.dismiss(session, iris, ben.user_id, Office.SME)
    service.switch(session, iris, host, "polite", on=True)
    told = [(name, who, tuple(payload["changed"])) for name, who, payload in events(session)]
    assert told == [
        ("governance.community_configured", iris.user_id, changed)
        for changed in (
            ("ground_rules", "answer_hours"),
            ("answer_hours",),
            ("tier",),
            ("offices",),
            ("offices",),
            ("plugins",),
        )
    ]
    assert "brief" not in str(events(session))

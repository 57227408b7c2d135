"""Two customers share an issuer, a client id and every id there is, and nothing of one is ever the other's."""

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from lmssocial.app import create_app, load_plugins
from lmssocial.core.db import make_engine, unit_of_work
from lmssocial.lms.identity.models import User
from lmssocial.lms.lti import claims
from lmssocial.settings import Settings
from lmssocial.social.content.models import Contribution
from lmssocial.social.engagement.models import Mark
from lmssocial.web import scope
from tests.conftest import SECRET
from tests.fakes.platform import INSTRUCTOR, FakePlatform, key_sets
from tests.fakes.registered import make_tenant, register
from tests.support.databases import Databases
from tests.support.visitor import Form, forms_of
from tests.tenancy.asking import Rows
from tests.tenancy.owners import Owners, Row, to_other_keys, unexplained
from tests.tenancy.town import IDS, Person, Side, Town, deeds

OF_THE_INSTALLATION = ("account_switch", "account_remove", "event_retry", "event_dismiss")
"""Pages of administrators about rows that are no customer's, or are there only when something failed."""
SEED = 20_26
STEPS = 80
"""Random steps after the deeds."""
FILLED = {
    "communities_affiliation",
    "communities_group",
    "communities_span",
    "content_attachment",
    "content_contribution",
    "content_draft",
    "discussion_import",
    "discussion_thread",
    "engagement_mark",
    "engagement_tally",
    "experts_answer",
    "experts_block",
    "experts_booking",
    "experts_corpus",
    "experts_deflection",
    "experts_document",
    "experts_document_topic",
    "experts_endorsement",
    "experts_expertise",
    "experts_gap",
    "experts_introduction",
    "experts_invitation",
    "experts_message",
    "experts_office_hour",
    "experts_person",
    "experts_posting",
    "experts_profile",
    "experts_proposal",
    "experts_question",
    "experts_question_topic",
    "experts_rating",
    "experts_step",
    "experts_topic",
    "experts_topic_name",
    "experts_word",
    "gradebook_score",
    "identity_course_services",
    "identity_launch",
    "identity_web_session",
    "knowledge_item",
    "lti_seen_notice",
    "moderation_flag",
    "notifications_notice",
    "peer_rating_activity",
    "peer_rating_appeal",
    "peer_rating_author",
    "peer_rating_comparison",
    "peer_rating_conflict",
    "peer_rating_edge",
    "peer_rating_example",
    "peer_rating_extension",
    "peer_rating_override",
    "peer_rating_rated",
    "peer_rating_release",
    "peer_rating_result",
    "peer_rating_review",
    "peer_rating_reviewer_result",
    "peer_rating_rubric",
    "peer_rating_try",
    "peer_rating_work",
    "reporting__act",
    "reporting__assessment",
    "reporting__course",
    "reporting__evidence",
    "reporting__outgoing",
    "reporting__rating",
    "reporting__report",
    "reporting__resource",
    "reporting__salt",
    "reporting__section",
    "reporting__target",
    "reporting__target_band",
    "reporting__target_remark",
    "reporting__target_setter",
    "reporting__target_vote",
    "reporting__withheld",
    "roster_run",
    "search_document",
}
"""Tables that both sides have rows in, or the test looks at less than it says."""


@pytest.fixture(scope="module")
def town(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Two sides, after everything they did mixed."""
    url = databases.migrated()
    settings = Settings(
        data_dir=tmp_path_factory.mktemp("town"),
        secret_key=SECRET,
        database_url=url,
        outbound_allow=("127.0.0.1",),
        policy_budget_ms=3000,
    )
    app = create_app(settings, load_plugins(settings))
    town = Town(app, make_engine(url), SEED)
    with key_sets() as server:
        for word in ("amaryllis", "begonia"):
            town.sides.append(settle(town, word, server.url))
        live(town)
        yield town
    with app.app_context():
        scope.db.engine.dispose()
    town.engine.dispose()
    databases.drop(url)


def settle(town: Town, word: str, jwks_url: str) -> Side:
    """Register the same platform for one more customer; its own login address tells the two apart."""
    with Session(town.engine, expire_on_commit=False) as session:
        platform = FakePlatform(jwks_url=jwks_url)
        tenant = make_tenant(session, f"Tenant {word}")
        registration = register(session, platform, tenant=tenant, name=f"Platform {word}")
        platform.login_path = f"/lti/login/{registration.public_key}"
        session.commit()
        side = Side(word, platform, tenant.id, registration.id)
    town.arrive(side, 1, INSTRUCTOR)
    for number in (2, 3):
        town.arrive(side, number)
    return side


def live(town: Town) -> None:
    """Everything both sides do, mixed by chance, each in its own order; then some steps of anybody anywhere."""
    waiting = [deeds(town, side) for side in town.sides]
    while any(waiting):
        town.chance.choice([one for one in waiting if one]).pop(0)()
    town.after_deeds = town.owners()
    first = town.after_deeds.of(town.sides[0].tenant_id, "communities_placement")[0]
    for side in town.sides:  # both name a placement of the first one
        town.arrive(
            side,
            4,
            **{
                claims.CUSTOM: {"widget": "discussion", "placement": first["uuid"]},
                claims.RESOURCE_LINK: {"id": "link-2", "title": f"Second of {side.word}"},
            },
        )
    for step in range(STEPS):
        if step % 20 == 0:
            owners = town.owners()
        side = town.chance.choice(town.sides)
        town.wander(town.chance.choice(side.people), owners)
    town.work()


def test_every_column_that_refers_to_a_row_is_followed() -> None:
    assert not unexplained()
    assert not to_other_keys()


def test_both_sides_left_rows_in_the_tables_that_matter(town: Town) -> None:
    owners = town.after_deeds
    assert owners is not None
    for side in town.sides:
        empty = {table for table in FILLED if not owners.of(side.tenant_id, table)}
        assert not empty, side.word


def test_after_all_they_did_no_row_refers_to_rows_of_both(town: Town) -> None:
    assert not town.owners().breaches()


def test_equal_ids_and_equal_mail_are_still_two_people(town: Town) -> None:
    with Session(town.engine) as session:
        mine, theirs = (
            session.scalars(select(User).where(User.tenant_id == side.tenant_id).order_by(User.sub)).all()
            for side in town.sides
        )
    assert [one.sub for one in mine] == [one.sub for one in theirs]
    assert {one.email for one in [*mine, *theirs]} == {"same@example.edu"}
    assert not {one.id for one in mine} & {one.id for one in theirs}
    assert all("Amaryllis" in one.name for one in mine)
    assert all("Begonia" in one.name for one in theirs)


def test_every_route_about_customers_can_be_asked_for(town: Town) -> None:
    mine, owners = town.sides[0], town.owners()
    rules = list(town.app.url_map.iter_rules())
    silent = {rule.endpoint for rule in rules if not list(town.addresses(rule, mine, owners))}
    assert silent <= {f"admin.{name}" for name in OF_THE_INSTALLATION}


def test_pages_of_ratings_are_there_for_those_whose_they_are(town: Town) -> None:
    owners = town.owners()
    rules = [rule for rule in town.app.url_map.iter_rules() if rule.endpoint.startswith("peer_rating.")]
    pages = [rule for rule in rules if "GET" in (rule.methods or ())]
    for side in town.sides:
        assert not {rule.endpoint for rule in pages if not opens(town, rule, side, owners)}


def test_pages_of_expert_connect_are_there_for_those_whose_they_are(town: Town) -> None:
    rules = [rule for rule in town.app.url_map.iter_rules() if rule.endpoint.startswith("experts.")]
    pages = [rule for rule in rules if "GET" in (rule.methods or ())]
    for side in town.sides:
        rows = town.ask(side)
        assert not {rule.endpoint for rule in pages if not shows(town, rule, side, rows)}


def shows(town: Town, rule: Rule, side: Side, rows: Rows) -> bool:
    """Whether somebody of a side gets to see a page about some of these rows."""
    names = sorted(rule.arguments)
    adapter = town.app.url_map.bind("localhost")
    return any(
        person.browser.get(adapter.build(rule.endpoint, dict(zip(names, values, strict=True)))).status_code
        < 300
        for values in product(*(rows[name] for name in names))
        for person in side.people[:3]
    )


def opens(town: Town, rule: Rule, side: Side, owners: Owners) -> bool:
    """Whether somebody of a side gets to see a page; it is asked for some of the rows it could be about."""
    return any(
        person.browser.get(path).status_code < 400
        for _ in range(9)
        for path in town.addresses(rule, side, owners)
        for person in side.people[:3]
    )


def test_no_route_shows_or_changes_anything_of_the_other_side(town: Town) -> None:
    assert not trespass(town, *town.sides)


def test_no_form_is_believed_that_names_rows_of_the_other_side(town: Town) -> None:
    mine, theirs = town.sides
    before = town.owners()
    kept, found = before.everything_of(mine.tenant_id), []
    for path, form in forms_within(town, theirs.instructor, before):
        for data in with_rows_of(form, mine, before):
            response = theirs.instructor.browser.post(form.action, data=data)
            found += leaks(mine, f"{form.action} on {path} with {data}", response)
    after = town.owners()
    assert not found
    assert not changes(kept, after.everything_of(mine.tenant_id))
    assert not after.breaches()


def test_a_row_that_refers_to_both_is_noticed(town: Town) -> None:
    mine, theirs = town.sides
    foreign = town.owners().of(mine.tenant_id, "identity_user")[0]["id"]
    row = town.owners().of(theirs.tenant_id, "engagement_mark")[0]
    with town.engine.connect() as connection:
        which = (Mark.contribution_id == row["contribution_id"]) & (Mark.user_id == row["user_id"])
        connection.execute(update(Mark).where(which).values(user_id=foreign))
        assert any("engagement_mark" in one for one in Owners(connection).breaches())
        connection.rollback()


def test_a_route_that_forgets_whose_it_is_is_noticed(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    def forgetful(placement_id: int, post_id: int) -> str:  # noqa: ARG001 – the route's arguments
        return scope.session().get_one(Contribution, post_id).source

    def careless(placement_id: int, post_id: int) -> str:  # noqa: ARG001
        with unit_of_work(scope.session()) as session:
            session.get_one(Contribution, post_id).source = "gone"
        return ""

    monkeypatch.setitem(town.app.view_functions, "discussion.post_history", forgetful)
    found = trespass(town, *town.sides, only="discussion.post_history")
    assert any("shows amaryllis" in one for one in found)
    monkeypatch.setitem(town.app.view_functions, "discussion.post_restore_post", careless)
    found = trespass(town, *town.sides, only="discussion.post_restore_post")
    assert any("content_contribution" in one and "source" in one for one in found)


def trespass(town: Town, mine: Side, theirs: Side, *, only: str = "") -> list[str]:
    """Ask for every address made of rows of ``mine`` as people of ``theirs``, and as nobody; tell what went wrong."""
    before = town.owners()
    kept, found = before.everything_of(mine.tenant_id), []
    learner = theirs.people[1]
    nobody = Person(theirs, town.app.test_client(), learner.placement_id, is_staff=False)
    who: list[tuple[str, Person, Mapping[str, Any]]] = [
        (name, person, {"csrf_token": learner.token() if person is nobody else person.token(), **SENT})
        for name, person in (("instructor", theirs.instructor), ("learner", learner), ("nobody", nobody))
    ]
    for rule in town.app.url_map.iter_rules():
        if rule.endpoint == "assets.file" or (only and rule.endpoint != only):
            continue
        for path in addresses(town, rule, mine, theirs, before):
            for name, person, data in who:
                for method in sorted((rule.methods or set()) & {"GET", "POST"}):
                    response = person.browser.open(
                        path, method=method, data=data if method == "POST" else None
                    )
                    found += leaks(mine, f"{method} {path} as {name}", response)
    found += changes(kept, town.owners().everything_of(mine.tenant_id))
    return found


SENT = {
    "title": "begonia came",
    "source": "begonia came",
    "name": "begonia came",
    "reason": "begonia came",
    "to": "on",
    "seen_version": "1",
}
"""What is sent with every form beside its token."""


def addresses(town: Town, rule: Rule, mine: Side, theirs: Side, owners: Owners) -> list[str]:
    """A route with rows of ``mine``; if it names an activity and something in it, also with theirs."""
    found = list(town.addresses(rule, mine, owners))
    if "placement_id" in rule.arguments and set(rule.arguments) & (IDS.keys() - {"placement_id"}):
        there = [
            path.split("/")[2] for path in town.addresses(rule, theirs, owners) if path.startswith("/w/")
        ]
        rest = [path.removeprefix("/w/").partition("/")[2] for path in found]
        found += [f"/w/{place}/{path}" for place, path in zip(there, rest, strict=False)]
    return found


def leaks(side: Side, asked: str, response: TestResponse) -> list[str]:
    """What an answer gives away of a side."""
    text = response.get_data(as_text=True) + response.headers.get("Location", "")
    shows = [f"{asked}: {response.status_code} shows {side.word}"] if side.word in text.lower() else []
    return shows + ([f"{asked}: {response.status_code}"] if response.status_code >= 500 else [])


def changes(before: Mapping[Row, Mapping[str, Any]], after: Mapping[Row, Mapping[str, Any]]) -> list[str]:
    """What is different among the rows of a side."""
    found = [f"{row} is new" for row in after.keys() - before.keys()]
    found += [f"{row} is gone" for row in before.keys() - after.keys()]
    for row in before.keys() & after.keys():
        found += [f"{row}: {name}" for name, value in before[row].items() if after[row][name] != value]
    return found


def forms_within(town: Town, person: Person, owners: Owners) -> Iterator[tuple[str, Form]]:
    """The forms on all pages of one's own that name rows, each once."""
    seen: set[tuple[str, frozenset[str]]] = set()
    for rule in town.app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or "placement_id" not in rule.arguments:
            continue
        for path in town.addresses(rule, person.side, owners):
            page = person.browser.get(path)
            if page.mimetype != "text/html":
                continue
            for form in forms_of(page.get_data(as_text=True), path):
                which = rule.endpoint + form.action.rpartition("/")[2], frozenset(form.names())
                if form.method == "post" and which not in seen and numbers(form):
                    seen.add(which)
                    yield path, form


def numbers(form: Form) -> set[str]:
    """The fields of a form that may name rows."""
    named = {name for name, value in form.fields if value.isdecimal()}
    named |= {name for name, choices in form.choices.items() if any(one.isdecimal() for one in choices)}
    return named - {"seen_version", "version"}


def with_rows_of(form: Form, side: Side, owners: Owners) -> Iterator[dict[str, Any]]:
    """A form filled in so that whatever names a row names one of ``side``: of each kind it could be."""
    for table in (
        "communities_group",
        "communities_community",
        "content_contribution",
        "discussion_thread",
        "identity_user",
        "peer_rating_review",
        "peer_rating_work",
    ):
        data = dict(form.fields) | {name: choices[-1] for name, choices in form.choices.items()}
        data |= {name: value or "begonia came" for name, value in data.items()}
        data |= dict.fromkeys(numbers(form), str(owners.of(side.tenant_id, table)[0]["id"]))
        yield data

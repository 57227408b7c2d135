"""Stopping mail from a mail program: one click, no sign-in, and nothing else that the address could do."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeSerializer
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from lmssocial.core.kernel.clock import now
from lmssocial.lms.identity.actor import Actor
from lmssocial.settings import Settings
from lmssocial.social.notifications.models import (
    Delivery,
    How,
    Preference,
    Reachability,
    Rhythm,
)
from lmssocial.social.notifications.unsubscribing import ALL, DIGEST, KIND, Stop, Unsubscribing

ONE_CLICK = {"List-Unsubscribe": "One-Click"}
"""The body that mail programs send (RFC 8058 §3.1)."""


@pytest.fixture
def addresses(settings: Settings, session: Session, ana: Actor) -> Unsubscribing:
    session.commit()
    assert ana.user_id
    return Unsubscribing(settings.secret(), "")


def waiting(actor: Actor, key: str) -> Delivery:
    """Something on its way to somebody."""
    return Delivery(
        tenant_id=actor.tenant_id,
        user_id=actor.user_id,
        channel="email",
        key=key,
        address="somebody@example.edu",
        title="",
        text="",
        html="",
        created_at=now(),
        next_at=now(),
    )


def stored(engine: Engine, actor: Actor) -> tuple[Reachability | None, list[Preference]]:
    with Session(engine) as session:
        preferences = select(Preference).where(Preference.user_id == actor.user_id)
        return session.get(Reachability, actor.user_id), list(session.scalars(preferences))


def test_opening_the_address_changes_nothing(
    client: FlaskClient, engine: Engine, ana: Actor, addresses: Unsubscribing
) -> None:
    answer = client.get(addresses.address(Stop(ana.user_id, DIGEST)))

    assert answer.status_code == 200
    assert "Stop the digest" in answer.text
    assert "Stop all e-mail from here" in answer.text
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert stored(engine, ana) == (None, [])


def test_one_click_stops_the_digest_and_a_second_changes_nothing(
    client: FlaskClient, engine: Engine, ana: Actor, addresses: Unsubscribing
) -> None:
    for _time in range(2):
        answer = client.post(addresses.address(Stop(ana.user_id, DIGEST)), data=ONE_CLICK)
        assert answer.status_code == 200
        assert "What I am told of" in answer.text

    row, _preferences = stored(engine, ana)
    assert row is not None
    assert (row.rhythm, row.mail) == (Rhythm.NEVER, True)


def test_a_digest_that_waits_to_be_sent_is_stopped_with_the_others_and_nothing_else_is(
    client: FlaskClient, session: Session, engine: Engine, ana: Actor, addresses: Unsubscribing
) -> None:
    for key in ("email:digest:1:20260302T0700", "email:now:1:20260302T0700"):
        session.add(waiting(ana, key))
    session.commit()
    client.post(addresses.address(Stop(ana.user_id, DIGEST)), data=ONE_CLICK)
    with Session(engine) as fresh:
        assert fresh.scalars(select(Delivery.key)).all() == ["email:now:1:20260302T0700"]


def test_one_click_stops_one_kind_in_one_community(
    client: FlaskClient, engine: Engine, ana: Actor, addresses: Unsubscribing
) -> None:
    stop = Stop(ana.user_id, KIND, ana.community_id, "discussion.reply")

    assert "Stop “Replies to you” in" in client.get(addresses.address(stop)).text
    client.post(addresses.address(stop), data=ONE_CLICK)

    row, [preference] = stored(engine, ana)
    assert row is None
    assert (preference.community_id, preference.kind, preference.how) == (
        ana.community_id,
        "discussion.reply",
        How.BELL,
    )


@pytest.mark.parametrize("what", [ALL, DIGEST])
def test_the_button_for_all_stops_all_and_what_waits_does_not_go_out(
    client: FlaskClient,
    session: Session,
    engine: Engine,
    ana: Actor,
    ben: Actor,
    addresses: Unsubscribing,
    what: str,
) -> None:
    for actor in (ana, ben):
        session.add(waiting(actor, f"test:{actor.user_id}"))
    session.commit()

    answer = client.post(addresses.address(Stop(ana.user_id, what)), data={"what": "all"})

    assert "No e-mail from here any more" in answer.text
    row, _preferences = stored(engine, ana)
    assert row is not None
    assert row.mail is False
    with Session(engine) as fresh:
        assert [one.user_id for one in fresh.scalars(select(Delivery))] == [ben.user_id]


def test_a_changed_address_stops_nothing(
    client: FlaskClient, engine: Engine, ana: Actor, ben: Actor, addresses: Unsubscribing
) -> None:
    address = addresses.address(Stop(ana.user_id))
    other = addresses.address(Stop(ben.user_id))
    mixed = address.rpartition(".")[0] + "." + other.rpartition(".")[2]

    for wrong in (mixed, address[:-1], "/mail/unsubscribe/nonsense"):
        assert client.get(wrong).status_code == 404
        assert client.post(wrong, data=ONE_CLICK).status_code == 404
    assert stored(engine, ana) == (None, [])
    assert stored(engine, ben) == (None, [])


@pytest.mark.parametrize(
    "values",
    [[], ["x"], [1, "everything"], [1, "all", 1, "x", "y"], "all", {"user_id": 1}, [2**40, "all"], None],
)
def test_what_was_signed_for_it_and_makes_no_sense_is_refused(
    client: FlaskClient, settings: Settings, values: object
) -> None:
    token = URLSafeSerializer(settings.secret(), salt="lmssocial mail unsubscribe").dumps(values)
    assert client.post(f"/mail/unsubscribe/{token}", data=ONE_CLICK).status_code == 404


def test_what_was_signed_for_something_else_is_refused(
    app: Flask, client: FlaskClient, settings: Settings, ana: Actor, engine: Engine
) -> None:
    assert app.secret_key == settings.secret()
    for salt in ("form", "cookie-session", "itsdangerous"):
        token = URLSafeSerializer(settings.secret(), salt=salt).dumps([ana.user_id, "all"])
        assert client.post(f"/mail/unsubscribe/{token}", data=ONE_CLICK).status_code == 404
    assert stored(engine, ana) == (None, [])


def test_who_is_not_known_any_more_is_told_so(client: FlaskClient, settings: Settings) -> None:
    address = Unsubscribing(settings.secret(), "").address(Stop(4711))
    assert client.post(address, data=ONE_CLICK).status_code == 404

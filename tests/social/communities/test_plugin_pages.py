"""Pages of plugins: mounted inside a community, open where the plugin is on, and harmless where they fail."""

import itertools
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from lmssocial import plugin_pages
from lmssocial.app import create_app, load_plugins
from lmssocial.core.hooks import Level, Stance
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.roles import LmsRole
from lmssocial.settings import Settings
from lmssocial.social.communities.models import Tier
from lmssocial.social.plugin_settings import service as plugin_settings
from lmssocial.timers import tell_plugins
from lmssocial.web import scope
from lmssocial.web.program import program
from tests.support.people import Place, make_person, make_place, sign_in
from tests.support.plugins import Site, open_site
from tests.support.seat import Seat, text_of

LINKS = "https://a.example/1 https://a.example/2 https://a.example/3"
_numbers = itertools.count(1)

SitDown = Callable[[Actor], Seat]


@pytest.fixture
def place(session: Session) -> Place:
    """A course in which the summary is on."""
    place = make_place(session)
    plugin_settings.switch(session, "summary", on=True, level=Level.COURSE, place_id=place.course.id)
    session.flush()
    return place


@pytest.fixture
def ben(session: Session, place: Place) -> Actor:
    """A learner."""
    return make_person(session, place, "Ben Okoro")


@pytest.fixture
def iris(session: Session, place: Place) -> Actor:
    """An instructor."""
    return make_person(session, place, "Iris Prado", LmsRole.INSTRUCTOR)


def seat_in(app: Flask, session: Session, place: Place, actor: Actor) -> Seat:
    """Somebody's browser at a placement."""
    browser = f"browser-{next(_numbers)}"
    sign_in(session, place, actor, browser)
    session.commit()
    return Seat(app, browser, f"/w/{place.placement.id}/discussion")


@pytest.fixture
def sit(app: Flask, session: Session, place: Place) -> SitDown:
    """Sign somebody in."""
    return lambda actor: seat_in(app, session, place, actor)


def test_everybody_in_the_community_reads_how_it_is_moderated(
    app: Flask, engine: Engine, session: Session, place: Place, ben: Actor, sit: SitDown
) -> None:
    session.get_one(type(place.community), place.community.id).tier = Tier.REVIEWED
    plugin_settings.switch(session, "linklimit", on=True, level=Level.COURSE, place_id=place.course.id)
    plugin_settings.take_stance(
        session, "linklimit", Stance.ENFORCE, level=Level.COURSE, place_id=place.course.id
    )
    seat = sit(ben)
    page = seat.open("/")
    assert f'href="/w/{place.placement.id}/x/summary/">How we moderate</a>' in page.get_data(as_text=True)
    said = text_of(seat.open(f"/w/{place.placement.id}/x/summary/"))
    assert "Nothing to tell yet" in said
    assert "Speak from experience." in said
    for number in range(4):
        seat.fill_in("/threads/new", "/threads/new", title=f"Links {number}", source=f"{LINKS} {number}")
    with app.app_context():
        tell_plugins(sessionmaker(engine), program().host)
        tell_plugins(sessionmaker(engine), program().host)
    page = seat.open(f"/w/{place.placement.id}/x/summary/")
    said = text_of(page)
    assert "Held by a policy 4" in said
    assert "Link limit 4 none none" in said
    assert "Ben" not in said.replace("Signed in as Ben Okoro", "")
    assert 'aria-current="page">How we moderate' in page.get_data(as_text=True)


def test_a_page_is_for_nobody_outside_and_nowhere_where_its_plugin_is_off(
    app: Flask, session: Session, place: Place, ben: Actor, sit: SitDown
) -> None:
    address = f"/w/{place.placement.id}/x/summary/"
    session.commit()
    assert Seat(app, "nobody", "/").open(address).status_code == 401
    theirs = make_place(session)
    stranger = seat_in(app, session, theirs, make_person(session, theirs))
    assert stranger.open(address).status_code == 401
    off = stranger.open(f"/w/{theirs.placement.id}/x/summary/")
    assert off.status_code == 404
    assert "How we moderate" not in text_of(stranger.open("/"))
    seat = sit(ben)
    assert seat.open(address).status_code == 200
    session.commit()
    plugin_settings.switch(session, "summary", on=False, level=Level.COURSE, place_id=place.course.id)
    session.commit()
    assert seat.open(address).status_code == 404
    assert seat.open(f"/w/{place.placement.id}/x/nothing/").status_code == 404


def test_the_page_speaks_the_readers_language(
    app: Flask, session: Session, place: Place, ben: Actor, sit: SitDown
) -> None:
    del app, session
    said = text_of(sit(ben).open(f"/w/{place.placement.id}/x/summary/", Accept_Language="de-DE"))
    assert "Wie wir moderieren" in said
    assert "Noch nichts zu berichten" in said


def test_an_instructor_switches_it_on_in_the_settings_of_the_course(
    app: Flask, session: Session, iris: Actor
) -> None:
    other = make_place(session)
    teacher = make_person(session, other, "Tia Teacher", LmsRole.INSTRUCTOR)
    del iris
    seat = seat_in(app, session, other, teacher)
    settings = f"/w/{other.placement.id}/settings"
    assert "Other plugins" in text_of(seat.open(f"{settings}/policies"))
    form = seat.form(seat.open(f"{settings}/policies"), "/policies/summary/switch")
    assert "It is on for this course" in text_of(seat.follow(seat.send(form)))
    assert seat.open(f"/w/{other.placement.id}/x/summary/").status_code == 200


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """A folder for plugins of the test's own."""
    site = open_site(tmp_path / "site", monkeypatch)
    yield site
    site.forget()


PAGES = """
from flask import Blueprint
from lmssocial.plugin_pages import Actor, current_actor, current_session, plugin_title
from sqlalchemy import text

bp = Blueprint("summary", __name__)

@bp.get("/")
def first(placement_id):
    actor = current_actor()
    assert isinstance(actor, Actor)
    one = current_session().execute(text("SELECT 1")).scalar()
    return f"{actor.name} {placement_id} {one} {plugin_title('tally')} {plugin_title('nobody')}"

@bp.get("/fails")
def fails(placement_id):
    raise RuntimeError("somebody else's page")
"""


def install_pages(site: Site, name: str, pages: str, source: str = PAGES) -> None:
    """A plugin with a page."""
    (site.folder / f"{name}_pages.py").write_text(source, "utf-8")
    about = f'name="{name}", title="The {name}", summary="A plugin of the tests.", pages="{pages}"'
    manifest = f"manifest = Manifest({about})"
    site.install(name, manifest=manifest)
    site.modules.append(f"{name}_pages")


@pytest.fixture
def made(settings: Settings) -> Iterator[Callable[[], Flask]]:
    """An application with the plugins that are there now."""
    apps: list[Flask] = []

    def make() -> Flask:
        apps.append(create_app(settings, load_plugins(settings)))
        return apps[-1]

    yield make
    for app in apps:
        with app.app_context():
            scope.db.engine.dispose()


def test_a_plugin_finds_in_the_facade_what_its_pages_need_and_may_use_any_blueprint_name(
    site: Site, made: Callable[[], Flask], session: Session, place: Place, ben: Actor
) -> None:
    install_pages(site, "tally", "tally_pages:bp")
    plugin_settings.switch(session, "tally", on=True, level=Level.TENANT, place_id=place.tenant.id)
    app = made()
    seat = seat_in(app, session, place, ben)
    page = seat.open(f"/w/{place.placement.id}/x/tally/")
    assert page.get_data(as_text=True) == f"Ben Okoro {place.placement.id} 1 The tally nobody"
    assert seat.open(f"/w/{place.placement.id}/x/summary/").status_code == 200
    assert seat.open(f"/w/{place.placement.id}/x/tally/fails").status_code == 500
    assert "The tally" in text_of(seat.open("/"))
    assert {
        "Actor",
        "current_actor",
        "current_session",
        "current_settings",
        "plugin_title",
        "unit_of_work",
    } <= set(plugin_pages.__all__)
    assert all(len((getattr(plugin_pages, name).__doc__ or "").split()) >= 4 for name in plugin_pages.__all__)


@pytest.mark.parametrize(
    ("pages", "source", "reason"),
    [
        ("tally_pages:bp", "import nothing_of_this_name", "No module named"),
        ("tally_pages:missing", PAGES, "has no attribute"),
        ("tally_pages:first", PAGES, "is no Flask blueprint"),
        ("tally_pages", PAGES, "cannot be shown"),
    ],
)
def test_pages_that_cannot_be_mounted_cost_their_plugin_and_nobody_else(
    site: Site,
    made: Callable[[], Flask],
    session: Session,
    place: Place,
    ben: Actor,
    pages: str,
    source: str,
    reason: str,
) -> None:
    install_pages(site, "tally", pages, source)
    plugin_settings.switch(session, "tally", on=True, level=Level.TENANT, place_id=place.tenant.id)
    app = made()
    with app.app_context():
        assert reason in program().host.broken["tally"].reason
    seat = seat_in(app, session, place, ben)
    assert seat.open("/").status_code == 200
    assert seat.open(f"/w/{place.placement.id}/x/tally/").status_code == 404
    assert seat.open(f"/w/{place.placement.id}/x/summary/").status_code == 200


def test_a_policy_does_not_carry_the_pages_along() -> None:
    heavy = "import lmssocial.plugin, sys; sys.exit('lmssocial.social' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", heavy], check=False).returncode == 0


def test_safe_mode_leaves_the_pages_out(
    settings: Settings, session: Session, place: Place, ben: Actor
) -> None:
    app = create_app(replace(settings, safe_mode=True), load_plugins(replace(settings, safe_mode=True)))
    seat = seat_in(app, session, place, ben)
    assert seat.open(f"/w/{place.placement.id}/x/summary/").status_code == 404
    assert "How we moderate" not in text_of(seat.open("/"))
    with app.app_context():
        scope.db.engine.dispose()

"""A plugin's own settings form: whatever it does, the page stands."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.app import create_app, load_plugins
from lmssocial.core.hooks import Level
from lmssocial.lms.identity.actor import Actor
from lmssocial.settings import Settings
from lmssocial.social.plugin_settings import service as plugin_settings
from lmssocial.social.plugin_settings.models import PluginSetting
from lmssocial.web import scope
from tests.social.governance.conftest import Chair
from tests.support.people import Place, sign_in
from tests.support.plugins import Site, open_site
from tests.support.seat import Seat, text_of

SETTINGS = """
from wtforms import BooleanField, IntegerField, RadioField, StringField
from lmssocial.web.forms import options

@dataclass(frozen=True)
class Odd:
    least: int = 1
    most: int = 5
    loud: bool = False
    how: str = "soft"
    names: tuple[str, ...] = ()

    def __post_init__(self):
        if self.least > self.most:
            raise ValueError("the least is more than the most")

@hookimpl
def lmssocial_screen_submission(submission, settings):
    return None
"""

FORM = """
class OddForm(SafeForm):
    least = IntegerField("The least")
    most = IntegerField("The most")
    loud = BooleanField("Loud")
    how = RadioField("How", choices=options([("soft", "Softly"), ("hard", "Hard")]))
    names = LinesField("Names")
"""

MANIFEST = (
    'manifest = Manifest(name="odd", title="Odd", summary="A plugin of the tests.", settings=Odd,'
    " settings_form=OddForm)"
)


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """A folder for plugins of the test's own."""
    site = open_site(tmp_path / "site", monkeypatch)
    yield site
    site.forget()


SitWith = Callable[[str], Chair]


@pytest.fixture
def sit_with(
    site: Site, settings: Settings, session: Session, place: Place, iris: Actor
) -> Iterator[SitWith]:
    """Sit the instructor down at a tool with the plugin ``odd``, which is on and has a form of this source."""
    apps: list[Flask] = []

    def sit(form: str) -> Chair:
        site.install("odd", f"{SETTINGS}\n{form}\n{MANIFEST}", manifest="none")
        plugin_settings.switch(session, "odd", on=True, level=Level.COURSE, place_id=place.course.id)
        apps.append(create_app(settings, load_plugins(settings)))
        sign_in(session, place, iris, "iris")
        session.commit()
        return Chair(Seat(apps[-1], "iris", f"/w/{place.placement.id}/discussion"), place.placement.id)

    yield sit
    for app in apps:
        with app.app_context():
            scope.db.engine.dispose()


def kept(session: Session) -> dict[str, object]:
    """What the course decided."""
    session.rollback()
    row = session.scalars(
        select(PluginSetting).where(PluginSetting.plugin == "odd", PluginSetting.level == Level.COURSE)
    ).one()
    return dict(row.values)


@pytest.mark.parametrize(
    "form",
    [
        "class OddForm(SafeForm):\n    def __init__(self, *a, **k):\n        raise RuntimeError('made badly')",
        FORM + "\n    def validate(self, *a, **k):\n        raise RuntimeError('checked badly')",
        (
            "class Bad(StringField):\n    def __call__(self, **k):\n        raise RuntimeError('drawn badly')\n"
            "class OddForm(SafeForm):\n    how = Bad('How')"
        ),
        "OddForm = 42",
    ],
    ids=["made", "checked", "drawn", "no form"],
)
def test_a_form_that_fails_harms_nothing_but_itself(sit_with: SitWith, session: Session, form: str) -> None:
    chair = sit_with(form)
    page = chair.open("/policies/odd")
    assert page.status_code == 200
    assert "How much its word counts" in text_of(page)
    answer = chair.send("/policies/odd/settings", least="2")
    assert answer.status_code == 422
    assert "The settings cannot be shown" in text_of(answer)
    assert "Traceback" not in text_of(answer)
    assert kept(session) == {}
    assert "Saved" in chair.press("/policies/odd", "/stance", stance="advise")


def test_settings_that_the_plugin_itself_refuses_are_not_kept(sit_with: SitWith, session: Session) -> None:
    chair = sit_with(FORM)
    form = chair.seat.form(chair.open("/policies/odd"), "/odd/settings")
    answer = chair.seat.send(form, least="9", most="3")
    assert answer.status_code == 422
    assert "The plugin does not take this: the least is more than the most" in text_of(answer)
    assert 'value="9"' in answer.get_data(as_text=True)
    assert kept(session) == {}
    chair.seat.send(form, least="2", most="3", names="Ana\nBen")
    assert kept(session) == {"least": 2, "most": 3, "loud": False, "how": "soft", "names": ["Ana", "Ben"]}


def test_what_is_locked_is_said_in_words(sit_with: SitWith, session: Session, place: Place) -> None:
    here = {"loud": True, "how": "hard", "names": ["Ana", "Ben"], "least": 0}
    plugin_settings.configure(session, "odd", here, level=Level.TENANT, place_id=place.tenant.id)
    plugin_settings.lock(session, "odd", list(here), level=Level.TENANT, place_id=place.tenant.id)
    chair = sit_with(FORM)
    said = chair.reads("/policies/odd")
    for words in ("Loud Yes set by", "How Hard set by", "Names Ana, Ben set by", "The least 0 set by"):
        assert words in said
    form = chair.seat.form(chair.open("/policies/odd"), "/odd/settings")
    assert form.names() - {"csrf_token"} == {"most"}
    chair.seat.send(form, most="4")
    assert kept(session) == {"most": 4}

"""The plugin of the page is installed as it stands there, and does what the page says."""

import importlib
import re
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session, sessionmaker

from lmssocial.core.activity.models import ActivityEvent
from lmssocial.core.activity.record import happened
from lmssocial.core.db import unit_of_work
from lmssocial.core.db.migrate import upgrade
from lmssocial.core.hooks import Level, PluginHost
from lmssocial.core.hooks.schema import plugin_histories
from lmssocial.core.kernel.secrets import SecretBox
from lmssocial.core.outbound import AllowList, Outbound
from lmssocial.lms.identity.roles import LmsRole
from lmssocial.social.notifications import making
from lmssocial.social.notifications.models import Notice
from lmssocial.social.notifications.registry import everything
from lmssocial.social.plugin_settings import sealing, service
from lmssocial.social.plugin_settings.timing import Turns, timers_of
from lmssocial.social.plugin_settings.work import PluginWork
from lmssocial.widgets.discussion.drafts import ThreadDraft
from lmssocial.widgets.discussion.service import post_thread
from tests.docs.markdown import ROOT
from tests.support.discussion import let_pass
from tests.support.loopback import listening, says
from tests.support.people import make_person, make_place

PAGE = ROOT / "docs" / "write-a-plugin.md"


@pytest.fixture
def tally(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """The module that the page writes."""
    blocks = re.findall(r"^```python\n(.*?)^```", PAGE.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    package = tmp_path / "lmssocial_tally"
    (package / "migrations").mkdir(parents=True)
    module = [block for block in blocks if not block.startswith("# migrations/")]
    [revision] = [block for block in blocks if block.startswith("# migrations/")]
    (package / "__init__.py").write_text("\n\n".join(module), "utf-8")
    (package / "migrations" / "0001_first.py").write_text(revision.partition("\n")[2], "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    yield importlib.import_module("lmssocial_tally")
    del sys.modules["lmssocial_tally"]


@pytest.fixture
def host(tally: ModuleType, engine: Engine) -> PluginHost:
    """A host with the plugin, and its tables."""
    host = PluginHost()
    host.register(tally, "tally")
    assert host.broken == {}
    for history in plugin_histories(host):
        upgrade(engine, history)
    return host


def test_tally_counts_tells_and_forgets(host: PluginHost, tally: Any, session: Session) -> None:
    sealing.keep_in(lambda: SecretBox("a secret for tests, of forty characters."))
    place = make_place(session)
    ana = make_person(session, place, "Ana")
    iris = make_person(session, place, "Iris", LmsRole.INSTRUCTOR)
    session.commit()
    for title in ("One", "Two"):
        with unit_of_work(session):
            post_thread(
                session,
                let_pass,
                ana,
                ThreadDraft(placement_id=place.placement.id, title=title, source="Words."),
            )
    sessions = sessionmaker(session.get_bind())
    outbound = Outbound("tests", AllowList.parse(("127.0.0.1",)))
    turns = Turns(sessions=sessions, host=host, outbound=outbound, stopping=lambda: False)
    [timer] = timers_of(host)["tally"]
    assert timer.every == timedelta(seconds=10)
    with listening(says(b"{}")) as server:
        with unit_of_work(session):
            here, secrets = place.tenant.id, tally.manifest.secrets
            service.switch(session, "tally", on=True, level=Level.TENANT, place_id=here)
            values = {"goal": 2, "url": server.url(), "token": "open sesame"}
            service.configure(session, "tally", values, level=Level.TENANT, place_id=here, secrets=secrets)
        turns.take("tally", timer)
        assert [asked.headers["Authorization"] for asked in server.seen] == ["Bearer open sesame"]
    assert "sesame" not in repr(session.execute(text("SELECT * FROM plugin_settings_setting")).all())

    registry = everything([], host)
    [reached] = session.scalars(select(ActivityEvent).where(ActivityEvent.name == "tally.goal_reached"))
    with unit_of_work(session):
        making.tell(registry, happened(reached), session)
    [notice] = session.scalars(select(Notice)).all()
    assert (notice.user_id, notice.subject["posts"]) == (iris.user_id, 2)

    work = PluginWork("tally", sessions, host, outbound)
    [command] = host.call("lmssocial_register_commands", "tally", {})
    shown = CliRunner().invoke(command, [str(place.course.id)], obj=work)
    assert shown.output == "2 posts by 1 people\n"

    known = {"user_id": ana.user_id, "session": session}
    said = host.call("lmssocial_export_person", "tally", known)
    assert said == {"posts": [{"course": place.course.id, "posts": 2}]}
    host.call("lmssocial_erase_person", "tally", known)
    assert host.call("lmssocial_export_person", "tally", known) == {"posts": []}

"""``lmssocial plugins`` as an administrator types it, with plugins that are really installed."""

import dataclasses
import json
import shlex
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import Result
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from lmssocial.core.hooks import Level, Manifest, PluginHost, Stance, Submission, hookimpl
from lmssocial.front.admin.models import LogEntry
from lmssocial.front.plugin_check import verdict_problems
from lmssocial.social.plugin_settings.models import PluginSetting
from lmssocial_linklimit.settings import LinkLimit
from tests.front.conftest import Console
from tests.support.people import Place
from tests.support.plugins import Site

pytestmark = pytest.mark.one_database

POLICY = """
@hookimpl
def lmssocial_screen_submission(submission):
    return None
"""


JUDGING = "@hookimpl\ndef lmssocial_screen_submission(submission):\n    {}\n"


def decided(engine: Engine) -> list[tuple[str, Level, int, bool | None, dict[str, object]]]:
    """Every decision there is."""
    with Session(engine) as session:
        rows = session.scalars(select(PluginSetting).order_by(PluginSetting.id))
        return [(row.plugin, row.level, row.place_id, row.enabled, row.values) for row in rows]


def as_json(settings: LinkLimit) -> dict[str, object]:
    """Settings as a file holds them."""
    found: dict[str, object] = json.loads(json.dumps(dataclasses.asdict(settings)))
    return found


# list


def test_the_list_says_names_versions_and_states_and_imports_nothing(
    run: Callable[..., Result], console: Console, site: Site
) -> None:
    site.install("ending", "raise SystemExit('imported')", version="2.5")
    done = run("list")

    assert done.exit_code == 0
    lines = {line.split()[0]: line.split(maxsplit=2)[1:] for line in done.output.splitlines()}
    assert lines["discussion"][1] == "built in"
    assert lines["linklimit"] == ["0.1.0", "off"]
    assert lines["ending"] == ["2.5", "off"]
    assert not console.imported


def test_the_list_says_where_something_is_on(run: Callable[..., Result], place: Place, site: Site) -> None:
    site.install("gone", POLICY)
    run("enable", "linklimit")
    run("disable", "linklimit", "--tenant", place.tenant.name)
    run("enable", "gone")
    for file in site.folder.glob("*.dist-info/*"):
        file.unlink()

    done = run("list").output
    assert f"on everywhere, off tenant {place.tenant.name}" in done
    assert "not installed; its settings are kept" in done


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"safe_mode": True}, "not loaded: safe mode"),
        ({"plugins": ()}, "not loaded: not in LMSSOCIAL_PLUGINS"),
    ],
)
def test_the_list_says_what_is_left_out(
    run: Callable[..., Result], console: Console, changes: dict[str, object], said: str
) -> None:
    console.settings = dataclasses.replace(console.settings, **changes)  # type: ignore[arg-type]
    [line] = [line for line in run("list").output.splitlines() if line.startswith("linklimit")]

    assert said in line


# check


def test_a_sound_plugin_is_fine(run: Callable[..., Result]) -> None:
    done = run("check", "linklimit")

    assert done.exit_code == 0, done.output
    assert "linklimit is fine." in done.output
    assert "implements lmssocial_screen_submission" in done.output
    assert "limit=2" in done.output


def test_the_built_in_widget_is_fine(run: Callable[..., Result]) -> None:
    assert run("check", "discussion").exit_code == 0


SETTINGS = """
@dataclass(frozen=True)
class Settings:
    limit: int{default}

class Form(SafeForm):
    {field}

manifest = Manifest(name="odd", title="Odd", summary="", settings=Settings, settings_form=Form)
"""


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("import a_library_nobody_has", "It cannot be imported: ModuleNotFoundError"),
        ("raise SystemExit(0)", "Importing it ends the process (status 0)"),
        ("import os; os._exit(7)", "ended the process with status 7"),
        ("import os; os._exit(0)", "ended the process with status 0"),
        (
            JUDGING.format("raise KeyError('the list')"),
            "lmssocial_screen_submission fails: KeyError: 'the list'",
        ),
        (JUDGING.format("return {}"), "lmssocial_screen_submission fails: Nonsense: "),
        (JUDGING.format("raise SystemExit(4)"), "lmssocial_screen_submission ends the process (status 4)."),
        (JUDGING.format("import os; os._exit(1)"), "ended the process with status 1"),
        ("", "It implements no hook"),
        (POLICY + SETTINGS.format(default="", field="pass"), "cannot be made without arguments"),
        (POLICY + SETTINGS.format(default=" = 1", field="pass"), "The setting limit has no field in Form."),
        (
            POLICY
            + "from wtforms import IntegerField\n"
            + SETTINGS.format(default=" = 1", field="limit = IntegerField()\n    other = IntegerField()"),
            "The field other of Form is not a setting.",
        ),
        (
            POLICY
            + "from lmssocial.core.db import Base\nfrom sqlalchemy import Column, Integer\n"
            + "class Row(Base):\n    __tablename__ = 'mine'\n    id = Column(Integer, primary_key=True)",
            "The table mine must be called odd__mine.",
        ),
        (
            "@hookimpl\ndef lmssocial_register_widgets():\n    raise ValueError('no widget')",
            "lmssocial_register_widgets raised ValueError: no widget",
        ),
    ],
)
def test_what_is_wrong_with_a_plugin_is_said_with_status_1(
    run: Callable[..., Result], site: Site, body: str, said: str
) -> None:
    site.install("odd", body)
    done = run("check", "odd")

    assert said in done.output, done.output
    assert done.exit_code == 1
    assert not site.was_imported("odd")


def test_a_policy_that_hangs_is_not_waited_for() -> None:
    @hookimpl
    def lmssocial_screen_submission(submission: Submission) -> None:
        while submission.kind:
            pass

    host, manifest = PluginHost(), Manifest(name="odd", title="Odd", summary="")
    host.register(
        SimpleNamespace(manifest=manifest, lmssocial_screen_submission=lmssocial_screen_submission), "odd"
    )
    assert set(verdict_problems(host, manifest, 0.05)) == {
        "lmssocial_screen_submission does not answer within 0.05 seconds."
    }


def test_checking_what_is_not_there_says_what_is(run: Callable[..., Result]) -> None:
    done = run("check", "nothing")

    assert done.exit_code == 1
    assert "There is no plugin called nothing. Installed: discussion" in done.output


# enable


def test_a_plugin_is_switched_on_everywhere_for_a_tenant_and_for_a_course(
    run: Callable[..., Result], engine: Engine, place: Place
) -> None:
    assert "is on everywhere." in run("enable", "linklimit").output
    assert place.tenant.name in run("enable", "linklimit", "--tenant", place.tenant.name).output
    assert place.course.title in run("enable", "linklimit", "--course", str(place.course.id)).output

    assert decided(engine) == [
        ("linklimit", Level.INSTALLATION, 0, True, {}),
        ("linklimit", Level.TENANT, place.tenant.id, True, {}),
        ("linklimit", Level.COURSE, place.course.id, True, {}),
    ]


def test_settings_from_a_file_are_kept(run: Callable[..., Result], engine: Engine, tmp_path: Path) -> None:
    file = tmp_path / "limits.json"
    file.write_text('{"limit": 4, "trusted_roles": ["mentor"]}', "utf-8")
    done = run("enable", "linklimit", "--settings", str(file))

    assert done.exit_code == 0, done.output
    assert decided(engine)[0][-1] == {"limit": 4, "trusted_roles": ["mentor"]}
    with Session(engine) as session:
        entries = session.scalars(select(LogEntry).order_by(LogEntry.id))
        assert [(one.who, one.action, one.subject) for one in entries] == [
            ("command line", "plugin.switched_on", "linklimit, everywhere"),
            ("command line", "plugin.configured", "linklimit, everywhere"),
        ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "is not JSON"),
        ("[1]", "must hold a JSON object"),
        ({"limits": 4}, "limits: no setting of linklimit. Known: limit, trusted_roles, "),
        ({"limit": 51}, "limit: A number from 0 to 50."),
        ({"limit": "many"}, "limit: "),
        ({"trusted_roles": ["emperor"]}, "trusted_roles: "),
    ],
)
def test_settings_that_do_not_fit_change_nothing(
    run: Callable[..., Result], engine: Engine, tmp_path: Path, content: object, said: str
) -> None:
    file = tmp_path / "limits.json"
    file.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    done = run("enable", "linklimit", "--settings", str(file))

    assert done.exit_code == 1
    assert said in done.output
    assert decided(engine) == []


def test_what_cannot_be_switched_on_is_said(run: Callable[..., Result], engine: Engine, site: Site) -> None:
    site.install("broken", "import a_library_nobody_has")
    site.install(
        "central",
        POLICY,
        manifest='manifest = Manifest(name="central", title="", summary="", configured_per=Level.INSTALLATION)',
    )
    said = {
        ("discussion",): "built in",
        ("nothing",): "There is no plugin called nothing",
        ("broken",): "lmssocial plugins check broken",
        ("linklimit", "--tenant", "Nobody"): "There is no tenant called Nobody",
        ("linklimit", "--course", "999"): "There is no course with the number 999",
        ("linklimit", "--tenant", "x", "--course", "1"): "not both",
    }
    for words, sentence in said.items():
        done = run("enable", *words)
        assert done.exit_code == 1, words
        assert sentence in done.output, words
    assert decided(engine) == []


def test_a_plugin_for_the_installation_is_not_for_a_tenant(
    run: Callable[..., Result], place: Place, site: Site
) -> None:
    site.install(
        "central",
        POLICY,
        manifest='manifest = Manifest(name="central", title="", summary="", configured_per=Level.INSTALLATION)',
    )

    assert "not per tenant" in run("enable", "central", "--tenant", place.tenant.name).output
    assert run("enable", "central").exit_code == 0


def test_what_is_left_out_cannot_be_looked_at(run: Callable[..., Result], console: Console) -> None:
    console.settings = dataclasses.replace(console.settings, safe_mode=True)
    done = run("enable", "linklimit")

    assert done.exit_code == 1
    assert "LMSSOCIAL_SAFE_MODE" in done.output


def test_only_what_a_file_names_is_set_there(
    run: Callable[..., Result], engine: Engine, place: Place, tmp_path: Path
) -> None:
    file = tmp_path / "limits.json"
    file.write_text('{"limit": 4, "trusted_roles": ["mentor"]}', "utf-8")
    run("enable", "linklimit", "--settings", str(file))
    file.write_text('{"limit": 1}', "utf-8")
    run("configure", "linklimit", "--settings", str(file), "--tenant", place.tenant.name)

    assert decided(engine)[1][-1] == {"limit": 1}
    there = run("configure", "linklimit", "--course", str(place.course.id)).output
    assert json.loads(there) == as_json(LinkLimit(limit=1, trusted_roles=("mentor",)))


def test_how_it_is_set_is_printed_as_such_a_file(run: Callable[..., Result], tmp_path: Path) -> None:
    printed = run("configure", "linklimit").output
    assert json.loads(printed) == as_json(LinkLimit())
    file = tmp_path / "limits.json"
    file.write_text(printed.replace('"limit": 2', '"limit": 7'), "utf-8")

    assert run("configure", "linklimit", "--settings", str(file)).exit_code == 0
    assert json.loads(run("configure", "linklimit").output)["limit"] == 7


def test_what_has_no_settings_cannot_be_set(run: Callable[..., Result], site: Site) -> None:
    site.install("plain", POLICY)

    assert "plain has no settings" in run("configure", "plain").output


# stances and locks


def stances(engine: Engine) -> list[Stance | None]:
    """Every stance that was taken."""
    with Session(engine) as session:
        return list(session.scalars(select(PluginSetting.stance).order_by(PluginSetting.id)))


def test_a_stance_is_taken_and_listed(run: Callable[..., Result], engine: Engine, place: Place) -> None:
    run("enable", "linklimit")
    done = run("enable", "linklimit", "--stance", "advise", "--tenant", place.tenant.name)

    assert done.exit_code == 0, done.output
    assert "its stance is advise" in done.output
    assert stances(engine) == [None, Stance.ADVISE]
    assert f"advise tenant {place.tenant.name}" in run("list").output
    with Session(engine) as session:
        assert "plugin.stance_advise" in session.scalars(select(LogEntry.action)).all()


def test_what_was_not_tried_out_is_not_enforced(run: Callable[..., Result], engine: Engine) -> None:
    done = run("enable", "linklimit", "--stance", "enforce")
    assert done.exit_code == 1
    assert "try it out" in done.output
    assert decided(engine) == []

    tried = run("backtest", "linklimit")
    assert "would have held 0 of 0 posts" in tried.output, tried.output
    assert run("enable", "linklimit", "--stance", "enforce").exit_code == 0
    assert stances(engine) == [Stance.ENFORCE]


def test_what_judges_nothing_takes_no_stance_and_is_not_tried_out(
    run: Callable[..., Result], site: Site
) -> None:
    site.install("counting", "@hookimpl\ndef lmssocial_on_event(event):\n    pass")

    assert "takes no stance" in run("enable", "counting", "--stance", "advise").output
    assert "nothing to try out" in run("backtest", "counting").output


def test_what_is_locked_cannot_be_decided_below_until_it_is_unlocked(
    run: Callable[..., Result], place: Place, tmp_path: Path
) -> None:
    file = tmp_path / "limits.json"
    file.write_text('{"limit": 4}', "utf-8")
    there = ("--tenant", place.tenant.name)
    assert "Locked everywhere: limit, stance." in run("lock", "linklimit", "stance", "limit").output

    assert "limit: locked" in run("configure", "linklimit", "--settings", str(file), *there).output
    assert "stance: locked" in run("enable", "linklimit", "--stance", "advise", *there).output
    assert run("enable", "linklimit", *there).exit_code == 0
    assert run("configure", "linklimit", "--settings", str(file)).exit_code == 0
    assert "Locked everywhere: stance." in run("unlock", "linklimit", "limit").output
    assert run("configure", "linklimit", "--settings", str(file), *there).exit_code == 0


def test_what_cannot_be_locked_or_unlocked_is_said(run: Callable[..., Result]) -> None:
    assert "Known: documents, enabled, invitations, limit, " in run("lock", "linklimit", "colour").output
    assert "limit: not locked anywhere" in run("unlock", "linklimit", "limit").output


def test_who_may_not_decide_hears_where_it_is_locked(
    run: Callable[..., Result], engine: Engine, place: Place
) -> None:
    tenant, course = place.tenant.name, ("--course", str(place.course.id))
    run("lock", "linklimit", "stance", "--tenant", tenant)
    refused = run("enable", "linklimit", "--stance", "advise", *course)
    assert f"lmssocial plugins unlock linklimit stance --tenant {shlex.quote(tenant)}" in refused.output

    run("enable", "linklimit")
    run("lock", "linklimit", "enabled")
    refused = run("disable", "linklimit", *course)
    assert refused.exit_code == 1
    assert "enabled: locked further up" in refused.output
    assert "lmssocial plugins unlock linklimit enabled\n" in refused.output
    assert (Level.COURSE, place.course.id) not in [row[1:3] for row in decided(engine)]


# disable


def test_disabling_imports_nothing_and_works_with_what_is_broken(
    run: Callable[..., Result], console: Console, engine: Engine, site: Site
) -> None:
    site.install("ending", "raise SystemExit('imported')")
    console.settings = dataclasses.replace(console.settings, safe_mode=True)
    done = run("disable", "ending")

    assert done.exit_code == 0, done.output
    assert "ending is off everywhere." in done.output
    assert decided(engine) == [("ending", Level.INSTALLATION, 0, False, {})]
    assert not console.imported
    assert not site.was_imported("ending")


def test_disabling_keeps_the_settings(run: Callable[..., Result], engine: Engine, tmp_path: Path) -> None:
    file = tmp_path / "limits.json"
    file.write_text('{"limit": 4}', "utf-8")
    run("enable", "linklimit", "--settings", str(file))
    run("disable", "linklimit")

    assert decided(engine)[0][3] is False
    assert decided(engine)[0][4]["limit"] == 4


def test_what_a_tenant_switched_on_stays_on_unless_everything_is_meant(
    run: Callable[..., Result], engine: Engine, place: Place
) -> None:
    run("enable", "linklimit")
    run("enable", "linklimit", "--tenant", place.tenant.name)
    assert "stays on where a tenant" in run("disable", "linklimit").output
    assert [row[3] for row in decided(engine)] == [False, True]

    assert "linklimit is off everywhere." in run("disable", "linklimit", "--all").output
    assert [row[3] for row in decided(engine)] == [False, None]


def test_what_a_course_switched_on_stays_on_when_its_tenant_switches_it_off(
    run: Callable[..., Result], place: Place
) -> None:
    there = ("--tenant", place.tenant.name)
    run("enable", "linklimit", "--course", str(place.course.id))
    assert f"stays on in the courses that have switched it on: {place.course.id}." in (
        run("disable", "linklimit", *there).output
    )

    run("lock", "linklimit", "enabled", *there)
    assert "stays on" not in run("disable", "linklimit", *there).output


def test_everywhere_and_one_place_are_not_the_same(
    run: Callable[..., Result], engine: Engine, place: Place
) -> None:
    run("enable", "linklimit", "--tenant", place.tenant.name)
    refused = run("disable", "linklimit", "--all", "--tenant", place.tenant.name)

    assert refused.exit_code == 1
    assert "Leave out --tenant" in refused.output
    assert [row[3] for row in decided(engine)] == [True]


def test_what_never_failed_has_nothing_to_forget(run: Callable[..., Result]) -> None:
    assert "linklimit has not failed anywhere." in run("reset", "linklimit").output
    assert "There is no plugin called nobody." in run("reset", "nobody").output


def test_what_is_uninstalled_can_still_be_switched_off(
    run: Callable[..., Result], engine: Engine, site: Site
) -> None:
    site.install("gone", POLICY)
    run("enable", "gone")
    for file in site.folder.glob("*.dist-info/*"):
        file.unlink()

    assert run("disable", "gone").exit_code == 0
    assert decided(engine)[0][3] is False


@pytest.mark.parametrize(("name", "said"), [("nothing", "There is no plugin"), ("discussion", "built in")])
def test_what_cannot_be_switched_off_is_said(
    run: Callable[..., Result], engine: Engine, name: str, said: str
) -> None:
    done = run("disable", name)

    assert done.exit_code == 1
    assert said in done.output
    assert decided(engine) == []

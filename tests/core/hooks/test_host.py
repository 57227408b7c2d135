"""The host: what it loads, what it refuses, and that no plugin harms another."""

import pytest

from lmssocial.core.hooks import HOOK_API, PluginHost, Reach, Ruling, Submission
from lmssocial.core.hooks.host import installed
from tests.support.plugins import Site

HOLDS = """
@hookimpl
def lmssocial_screen_submission(submission):
    return Verdict(ruling=Ruling.HOLD, reason="{name}", message="Held by {name}.")
"""
RAISES = """
@hookimpl
def lmssocial_screen_submission(submission):
    raise ValueError("cannot make up its mind")
"""


def asked(host: PluginHost, submission: Submission, *enabled: str) -> dict[str, str]:
    """What each plugin answered: its reason, or the error it raised."""
    answers = host.ask("lmssocial_screen_submission", Reach(frozenset(enabled)), submission=submission)
    return {answer.plugin: repr(answer.error) if answer.error else answer.value.reason for answer in answers}


# loading


def test_what_is_installed_is_known_without_importing_it(site: Site) -> None:
    site.install("quiet")
    names = [point.name for point in installed()]

    assert "quiet" in names
    assert not site.was_imported("quiet")
    assert names.index("discussion") < names.index("quiet")


def test_an_installed_plugin_is_loaded(site: Site) -> None:
    site.install("holding", HOLDS.format(name="holding"))
    host = PluginHost.load()

    assert host.manifests["holding"].title == "Holding"
    assert host.hooks_of("holding") == ["lmssocial_screen_submission"]
    assert "holding" not in host.builtin
    assert "discussion" in host.builtin


def test_only_the_plugins_named_are_imported(site: Site) -> None:
    site.install("one")
    site.install("two")
    host = PluginHost.load(only=("one",))

    assert {"one", "discussion"} <= host.manifests.keys()
    assert "two" not in host.manifests
    assert not site.was_imported("two")


def test_safe_mode_imports_nothing_but_what_is_built_in(site: Site) -> None:
    site.install("one")
    host = PluginHost.load(only=("one", "not-there"), safe_mode=True)

    assert host.manifests.keys() == host.builtin
    assert not host.broken
    assert not site.was_imported("one")


def test_a_name_that_is_not_installed_is_said() -> None:
    host = PluginHost.load(only=("nothing_like_it",))

    assert (
        host.broken["nothing_like_it"].reason
        == "LMSSOCIAL_PLUGINS names nothing_like_it, which is not installed."
    )


# isolation


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("import a_library_nobody_has", "ModuleNotFoundError"),
        ("this is no python", "SyntaxError"),
        ("1 / 0", "ZeroDivisionError"),
    ],
)
def test_a_broken_import_is_kept_and_stops_nobody(
    site: Site, submission: Submission, body: str, reason: str
) -> None:
    site.install("alpha", HOLDS.format(name="alpha"))
    site.install("broken", body)
    site.install("omega", HOLDS.format(name="omega"))
    host = PluginHost.load()

    assert host.broken["broken"].reason.startswith(f"It cannot be imported: {reason}")
    assert "Traceback" in host.broken["broken"].details
    assert "broken" not in host.manifests
    assert asked(host, submission, "alpha", "broken", "omega") == {"alpha": "alpha", "omega": "omega"}


def test_a_plugin_that_ends_the_process_is_not_held_back(site: Site) -> None:
    site.install("ending", "raise SystemExit(3)")

    with pytest.raises(SystemExit):
        PluginHost.load()


def test_one_that_raises_is_an_answer_and_the_others_are_asked(site: Site, submission: Submission) -> None:
    site.install("alpha", HOLDS.format(name="alpha"))
    site.install("middle", RAISES)
    site.install("omega", HOLDS.format(name="omega"))
    host = PluginHost.load()

    assert asked(host, submission, "alpha", "middle", "omega") == {
        "alpha": "alpha",
        "middle": "ValueError('cannot make up its mind')",
        "omega": "omega",
    }


def test_a_plugin_cannot_change_what_the_others_see(site: Site, submission: Submission) -> None:
    body = """
    @hookimpl
    def lmssocial_screen_submission(submission):
        submission.text = "something else"
    """
    site.install("changing", body)
    site.install("omega", HOLDS.format(name="omega"))
    host = PluginHost.load()
    said = asked(host, submission, "changing", "omega")

    assert "FrozenInstanceError" in said["changing"]
    assert submission.text == "Where do I begin?"


# reach


def test_only_plugins_within_reach_are_asked(site: Site, submission: Submission) -> None:
    site.install("here", HOLDS.format(name="here"))
    site.install("elsewhere", HOLDS.format(name="elsewhere"))
    host = PluginHost.load()

    assert asked(host, submission, "here") == {"here": "here"}
    assert asked(host, submission) == {}


def test_each_plugin_gets_its_own_settings_and_only_what_it_names(site: Site, submission: Submission) -> None:
    body = """
    @hookimpl
    def lmssocial_screen_submission(settings):
        return Verdict(ruling=Ruling.HOLD, reason=str(settings), message="")
    """
    site.install("one", body)
    site.install("two", body)
    host = PluginHost.load()
    reach = Reach(frozenset({"one", "two"}), {"one": "settings of one"})
    answers = list(host.ask("lmssocial_screen_submission", reach, submission=submission))

    assert [(answer.plugin, answer.value.reason) for answer in answers] == [
        ("one", "settings of one"),
        ("two", "None"),
    ]


def test_who_abstains_gives_no_answer(site: Site, submission: Submission) -> None:
    site.install("shy", "@hookimpl\ndef lmssocial_screen_submission(submission):\n    return None")

    assert asked(PluginHost.load(), submission, "shy") == {}


def test_the_order_is_that_of_names_whoever_was_installed_first(site: Site, submission: Submission) -> None:
    for name in ("zebra", "ant", "mole"):
        site.install(name, HOLDS.format(name=name))

    assert list(asked(PluginHost.load(), submission, "ant", "mole", "zebra")) == ["ant", "mole", "zebra"]


# refusals


@pytest.mark.parametrize(
    ("manifest", "body", "reason"),
    [
        ("none", "", "has no manifest"),
        ("manifest = 42", "", "has no manifest"),
        ('manifest = Manifest(name="other", title="", summary="")', "", "they must agree"),
        ('manifest = Manifest(name="Bad Name", title="", summary="")', "", "a small letter"),
        ('manifest = Manifest(name="odd", title="", summary="", api=(2, 0))', "", "hook API 2.0"),
        (
            f'manifest = Manifest(name="odd", title="", summary="", api=(1, {HOOK_API[1] + 1}))',
            "",
            "is written for hook API",
        ),
        ('manifest = Manifest(name="odd", title="", summary="", settings=dict)', "", "must be a dataclass"),
        ("", "@hookimpl\ndef lmssocial_screen_everything(submission):\n    pass", "is not a hook"),
        ("", "@hookimpl\ndef lmssocial_screen_submission(submission, person):\n    pass", "person"),
        (
            "",
            "@hookimpl(tryfirst=True)\ndef lmssocial_screen_submission(submission):\n    pass",
            "answers must not depend on order",
        ),
        (
            "",
            "@hookimpl(trylast=True)\ndef lmssocial_screen_submission(submission):\n    pass",
            "answers must not depend on order",
        ),
        (
            "",
            "@hookimpl(wrapper=True)\ndef lmssocial_screen_submission(submission):\n    return (yield)",
            "answers must not depend on order",
        ),
    ],
)
def test_what_does_not_fit_is_refused_with_a_sentence(
    site: Site, submission: Submission, manifest: str, body: str, reason: str
) -> None:
    site.install("odd", body, manifest=manifest)
    site.install("omega", HOLDS.format(name="omega"))
    host = PluginHost.load()

    assert reason in host.broken["odd"].reason
    assert "odd" not in host.manifests
    assert asked(host, submission, "odd", "omega") == {"omega": "omega"}


def test_a_minor_version_that_is_older_than_ours_is_taken(site: Site) -> None:
    site.install("old", manifest='manifest = Manifest(name="old", title="", summary="", api=(1, 0))')

    assert "old" in PluginHost.load().manifests


def test_a_name_is_taken_once_and_whoever_has_it_goes_on(site: Site, submission: Submission) -> None:
    site.install("twin", HOLDS.format(name="twin"))
    host = PluginHost.load()
    [point] = [point for point in installed() if point.name == "twin"]
    host.load_entry_point(point)

    assert host.broken["twin"].reason == "There is already a plugin named twin."
    assert asked(host, submission, "twin") == {"twin": "twin"}


def test_a_hook_that_is_marked_by_nobody_is_not_called(site: Site, submission: Submission) -> None:
    site.install("unmarked", "def lmssocial_screen_submission(submission):\n    raise ValueError('called')")
    host = PluginHost.load()

    assert "unmarked" in host.manifests
    assert host.hooks_of("unmarked") == []
    assert asked(host, submission, "unmarked") == {}


# taking out again


def test_a_dropped_plugin_is_asked_no_more_and_shown_as_broken(site: Site, submission: Submission) -> None:
    site.install("leaving", HOLDS.format(name="leaving"))
    host = PluginHost.load()
    host.drop("leaving", "It registered what it must not.")

    assert asked(host, submission, "leaving") == {}
    assert host.broken["leaving"].reason == "It registered what it must not."
    assert "leaving" not in host.manifests


def test_collecting_asks_everybody_loaded_and_survives_who_raises(site: Site) -> None:
    body = """
    @hookimpl
    def lmssocial_register_event_types():
        raise ValueError("no events today")
    """
    site.install("eventless", body)
    answers = {
        answer.plugin: answer for answer in PluginHost.load().collect("lmssocial_register_event_types")
    }

    assert isinstance(answers["eventless"].error, ValueError)
    assert answers["discussion"].value


def test_rulings_are_ordered_from_mild_to_strict() -> None:
    assert sorted(Ruling) == [
        Ruling.ALLOW,
        Ruling.ANNOTATE,
        Ruling.REDACT,
        Ruling.HOLD,
        Ruling.REJECT,
    ]

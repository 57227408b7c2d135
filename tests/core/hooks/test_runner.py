"""The runner: policies answer from a process of their own, whatever one of them does to it."""

import os
import sys
import time
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from lmssocial.core.hooks import Manifest, Reach, Submission, Verdict, hookimpl
from lmssocial.core.hooks.runner import DirectRunner
from lmssocial.core.hooks.turn import NotAsked
from tests.support.plugins import Site
from tests.support.policies import BUDGET, HOOK, Make, ask, host_of, message, policy, says

# answering


def test_policies_answer_from_another_process_that_is_kept(
    site: Site, make: Make, submission: Submission
) -> None:
    site.install("one", policy(says("os.getpid()")))
    site.install("two", policy(says("os.getpid()")))
    runner = make()
    assert runner.pid is None
    first = ask(runner, submission, "one", "two")
    second = ask(runner, submission, "one")

    assert message(first["one"]) == message(first["two"]) == message(second["one"])
    assert int(message(first["one"])) not in {os.getpid(), runner.pid}


def test_who_abstains_gives_no_answer_and_who_is_not_asked_is_not_called(
    site: Site, make: Make, submission: Submission
) -> None:
    site.install("shy", policy("return None"))
    site.install("off", policy("os._exit(1)"))
    site.install("here", policy(says("'yes'")))
    runner = make()
    reach = Reach(frozenset({"shy", "here"}))
    answers = runner.ask(HOOK, reach, ["here", "off", "shy", "nobody"], {"submission": submission})

    assert [answer.plugin for answer in answers] == ["here"]
    assert runner.ask(HOOK, Reach(frozenset({"off"})), ["here"], {"submission": submission}) == []
    assert runner.ask("lmssocial_screen_attachment", reach, ["here"], {"attachment": None}) == []


def test_nothing_is_started_until_a_policy_is_asked(site: Site, make: Make, submission: Submission) -> None:
    site.install("one", policy(says("1")))
    runner = make()
    assert ask(runner, submission) == {}
    before = runner.pid
    assert before is None
    runner.start()
    assert runner.pid is not None
    begun = time.monotonic()
    assert message(ask(runner, submission, "one")["one"]) == "1"
    assert time.monotonic() - begun < BUDGET


def test_settings_arrive_as_the_plugins_own_dataclass(site: Site, make: Make, submission: Submission) -> None:
    top = (
        "@dataclass(frozen=True)\nclass Limits:\n    most: int = 2\n    roles: tuple[str, ...] = ()\n"
        "manifest = Manifest(name='limits', title='', summary='', settings=Limits)"
    )
    module = site.install("limits", policy(says("settings"), top), manifest="none")
    runner = make()
    settings = sys.modules[module].Limits(7, ("mentor",))

    assert (
        message(ask(runner, submission, "limits", limits=settings)["limits"])
        == "Limits(most=7, roles=('mentor',))"
    )


def test_settings_that_cannot_travel_are_an_error_of_that_policy_alone(
    site: Site, make: Make, submission: Submission
) -> None:
    top = (
        "from typing import Any\n@dataclass(frozen=True)\nclass Limits:\n    most: Any = 2\n"
        "manifest = Manifest(name='limits', title='', summary='', settings=Limits)"
    )
    module = site.install("limits", policy(says("settings"), top), manifest="none")
    site.install("other", policy(says("settings")))
    runner = make()
    answers = ask(runner, submission, "limits", "other", limits=sys.modules[module].Limits(lambda: 3))

    assert "Its settings cannot be handed over" in str(answers["limits"].error)
    assert message(answers["other"]) == "None"


def test_a_hundred_kilobytes_of_text_arrive_and_may_be_marked_to_the_end(
    site: Site, make: Make, submission: Submission
) -> None:
    body = """
spans = (Span(len(submission.source) - 1, len(submission.source)),)
return Verdict(ruling=Ruling.REDACT, reason="end", message=submission.text[-3:], spans=spans)
"""
    site.install("reader", policy(body, "from lmssocial.core.hooks import Span"))
    text = "words and words " * 6400 + "end"
    long = Submission(**{**vars(submission), "source": text, "text": text})
    answer = ask(make(), long, "reader")["reader"]

    assert len(text) > 100_000
    assert message(answer) == "end"
    assert answer.value.spans[0].end == len(text)


def test_a_plugin_may_print(site: Site, make: Make, submission: Submission, capfd: Any) -> None:
    site.install("chatty", policy("print('hello'); os.write(1, b'{}\\n'); " + says("sys.stdin.read()")))
    answers = ask(make(), submission, "chatty")

    assert message(answers["chatty"]) == ""
    assert capfd.readouterr().out == ""


def test_policies_do_not_see_the_settings_of_the_installation(
    site: Site, make: Make, submission: Submission, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LMSSOCIAL_SECRET_KEY", "not theirs")
    monkeypatch.setenv("HTTPS_PROXY", "theirs")
    site.install("curious", policy(says("[os.getenv('LMSSOCIAL_SECRET_KEY'), os.getenv('HTTPS_PROXY')]")))

    assert message(ask(make(), submission, "curious")["curious"]) == "[None, 'theirs']"


def test_sentences_are_said_in_the_authors_language_from_the_plugins_catalogue_and_then_ours(
    site: Site, make: Make, submission: Submission
) -> None:
    body = """
parts = [gettext("Shouting does not help."), str(LATER), gettext("%(count)s words", count=3), gettext("Cancel")]
return Verdict(ruling=Ruling.HOLD, reason="said", message=" ".join(parts), suggestion=LATER)
"""
    site.install("loud", policy(body, 'LATER = lazy_gettext("Write in small letters.")'))
    folder = site.folder / "translations" / "de" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    texts = {
        "Shouting does not help.": "Laut hilft nicht.",
        "Write in small letters.": "Bitte klein schreiben.",
        "%(count)s words": "%(count)s Wörter",
    }
    catalogue = "".join(f'msgid "{text}"\nmsgstr "{said}"\n\n' for text, said in texts.items())
    head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
    (folder / "messages.po").write_text(head + catalogue, "utf-8")
    with (folder / "messages.po").open("rb") as read, (folder / "messages.mo").open("wb") as written:
        write_mo(written, read_po(read))
    isolated = make()
    said: dict[str, list[tuple[str, str]]] = {}
    for locale in ("de_AT", "fr", "", "../../etc"):
        for runner in (isolated, DirectRunner(isolated._host)):
            [answer] = runner.ask(
                HOOK, Reach(frozenset({"loud"})), ["loud"], {"submission": submission}, locale
            )
            said.setdefault(locale, []).append((message(answer), answer.value.suggestion))

    german = ("Laut hilft nicht. Bitte klein schreiben. 3 Wörter Abbrechen", "Bitte klein schreiben.")
    english = ("Shouting does not help. Write in small letters. 3 words Cancel", "Write in small letters.")
    assert said == {
        "de_AT": [german] * 2,
        "fr": [english] * 2,
        "": [english] * 2,
        "../../etc": [english] * 2,
    }


# loading


@pytest.mark.parametrize(
    ("top", "reason"),
    [
        ("raise ImportError('not here')", "It cannot be imported: ImportError: not here"),
        ("os._exit(9)", "Importing it ended or held up the policies' process"),
        ("time.sleep(60)", "Importing it ended or held up the policies' process"),
    ],
)
def test_a_plugin_that_cannot_be_imported_there_is_left_out(
    site: Site, make: Make, submission: Submission, monkeypatch: pytest.MonkeyPatch, top: str, reason: str
) -> None:
    monkeypatch.setenv("WEB", str(os.getpid()))
    site.install("alpha", policy(says("'alpha'")))
    site.install("odd", policy(says("1"), f"if os.environ['WEB'] != str(os.getpid()):\n    {top}"))
    monkeypatch.setattr("lmssocial.core.hooks.runner.PAUSE", timedelta(0))
    runner = make(start=timedelta(seconds=3))
    ask(runner, submission, "alpha", "odd")
    answers = ask(runner, submission, "alpha", "odd")

    assert message(answers["alpha"]) == "alpha"
    assert reason in str(answers["odd"].error)


def test_only_policies_are_imported_there(
    site: Site, make: Make, submission: Submission, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEB", str(os.getpid()))
    site.install("alpha", policy(says("sorted(name for name in sys.modules if name.endswith('_of_tests'))")))
    site.install("quiet")

    assert message(ask(make(), submission, "alpha")["alpha"]) == "['lmssocial_alpha_of_tests']"


def test_a_process_that_cannot_be_started_is_an_error_of_every_policy_asked(
    site: Site, make: Make, submission: Submission, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.install("one", policy(says("1")))
    site.install("two", policy(says("2")))
    runner = make()
    with monkeypatch.context() as patch:
        patch.setattr(sys, "executable", "/nowhere/python")
        answers = ask(runner, submission, "one", "two")
        assert {str(answer.error) for answer in answers.values()} == {
            "The process for policies could not be started."
        }
        assert all(isinstance(answer.error, NotAsked) for answer in answers.values())
    assert ask(runner, submission, "one")["one"].error, "it was tried again at once"
    monkeypatch.setattr(runner, "_not_before", 0.0)
    assert message(ask(runner, submission, "one")["one"]) == "1"


# directly


def test_plugins_that_no_other_process_could_import_are_asked_directly(
    site: Site, make: Make, submission: Submission
) -> None:
    site.install("far", policy(says("os.getpid()")))
    runner = make()

    @hookimpl
    def judging(submission: Submission) -> Verdict | None:
        raise ValueError(f"{submission.title} {os.getpid()}")

    near = SimpleNamespace(
        manifest=Manifest(name="near", title="", summary=""), lmssocial_screen_submission=judging
    )
    runner._host.register(near, "near")
    answers = ask(runner, submission, "far", "near")

    assert message(answers["far"]) != str(os.getpid())
    assert str(answers["near"].error) == f"Where do I begin? {os.getpid()}"


def test_the_direct_runner_checks_the_same_and_survives_who_raises(
    site: Site, submission: Submission
) -> None:
    site.install("failing", policy("raise ValueError('no')"))
    site.install("odd", policy("return 'hold'"))
    site.install("shy", policy("return None"))
    site.install("sound", policy(says("os.getpid()")))
    answers = ask(DirectRunner(host_of(site)), submission, "failing", "odd", "shy", "sound")

    assert {name: str(answer.error) for name, answer in answers.items() if answer.error} == {
        "failing": "no",
        "odd": "It returned a str instead of a Verdict.",
    }
    assert message(answers["sound"]) == str(os.getpid())
    assert "shy" not in answers

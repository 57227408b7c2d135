"""What plugin authors get for their tests: things to judge, a way to ask, and a look at the whole plugin."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from wtforms import IntegerField

import lmssocial_linklimit
from lmssocial.plugin import (
    Attachment,
    Concern,
    Manifest,
    Ruling,
    SafeForm,
    Span,
    Submission,
    Verdict,
    hookimpl,
)
from lmssocial.testing import ask, attachment, check_plugin, submission


@dataclass(frozen=True)
class Limit:
    """Settings of the policy of these tests."""

    limit: int = 3


class LimitForm(SafeForm):
    """Their form."""

    limit = IntegerField()


def made(
    judge: Callable[..., Any] | None = None, hook: str = "lmssocial_screen_submission", **changes: Any
) -> Any:
    """A plugin's module with one hook."""
    facts: dict[str, Any] = {
        "name": "tried",
        "title": "Tried",
        "summary": "",
        "settings": Limit,
        "settings_form": LimitForm,
    }
    module = SimpleNamespace(manifest=Manifest(**facts | changes))
    if judge is not None:
        judge.__name__ = hook
        setattr(module, hook, hookimpl(judge))
    return module


def abstaining(submission: Submission) -> None:
    """Has no opinion."""
    del submission


def held(**changes: Any) -> Verdict:
    """A verdict."""
    return Verdict(**{"ruling": Ruling.HOLD, "reason": "tried", "message": "Held.", **changes})


def test_a_submission_is_an_ordinary_one_until_it_is_changed() -> None:
    assert submission().kind == "discussion.reply"
    assert submission(text="Hello").source == "Hello"
    assert submission(source="**Hello**").text == "**Hello**"
    assert submission(text="Hello", source="**Hello**").source == "**Hello**"
    assert attachment(name="a.png").data == b"Notes."
    with pytest.raises(TypeError):
        submission(colour="green")


def test_asking_gives_the_verdict_with_the_settings_of_the_test() -> None:
    def judge(submission: Submission, settings: Limit) -> Verdict | None:
        return held() if len(submission.text) > settings.limit else None

    assert ask(made(judge), submission(text="four")) == held()
    assert ask(made(judge), submission(text="four"), limit=4) is None


def test_attachments_are_asked_about_through_their_own_hook() -> None:
    def judge(attachment: Attachment) -> Verdict | None:
        return held(concern=Concern.SAFETY) if attachment.name.endswith(".exe") else None

    policy = made(judge, hook="lmssocial_screen_attachment")
    assert ask(policy, attachment()) is None
    verdict = ask(policy, attachment(name="game.exe"))
    assert verdict is not None
    assert verdict.concern is Concern.SAFETY


def test_what_the_policy_raises_is_raised_and_nonsense_is_refused() -> None:
    def failing(submission: Submission) -> None:
        raise RuntimeError(f"no idea about {submission.kind}")

    def beyond(submission: Submission) -> Verdict:
        return held(spans=(Span(0, len(submission.source) + 1),))

    with pytest.raises(RuntimeError, match="no idea"):
        ask(made(failing), submission())
    with pytest.raises(ValueError, match="no part of the source"):
        ask(made(beyond), submission(text="short"))
    with pytest.raises(ValueError, match="has no settings"):
        ask(made(failing, settings=None, settings_form=None), submission(), limit=2)


def test_a_sound_plugin_has_no_problems() -> None:
    assert check_plugin(lmssocial_linklimit) == []
    assert check_plugin(made(abstaining)) == []


def test_what_is_wrong_with_a_plugin_is_said() -> None:
    class Other(SafeForm):
        size = IntegerField()

    def chatting(submission: Submission) -> str:
        return f"no {submission.kind}"

    said = check_plugin(made(chatting, settings_form=Other))
    assert said == [
        "The setting limit has no field in Other.",
        "The field size of Other is not a setting.",
        "lmssocial_screen_submission fails: Nonsense: It returned a str instead of a Verdict.",
        "lmssocial_screen_submission fails: Nonsense: It returned a str instead of a Verdict.",
    ]
    assert check_plugin(made()) == [
        "It implements no hook, so it does nothing. Mark functions with @hookimpl."
    ]
    assert "has no manifest" in check_plugin(SimpleNamespace())[0]
    assert "is not a hook of lmssocial" in check_plugin(made(abstaining, hook="lmssocial_scream"))[0]


def test_it_is_a_pytest_plugin_of_the_authors_and_brings_the_same_as_fixtures(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text('pytest_plugins = ["lmssocial.testing"]\n', "utf-8")
    (tmp_path / "test_it.py").write_text(
        "import lmssocial_linklimit\n"
        "def test_it(ask, submission, attachment):\n"
        "    assert ask(lmssocial_linklimit, submission(text='Hello')) is None\n"
        "    assert attachment().name == 'notes.txt'\n",
        "utf-8",
    )
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert "1 passed" in done.stdout, done.stdout + done.stderr

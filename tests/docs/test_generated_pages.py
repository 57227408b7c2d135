"""The generated pages say what the code says."""

import re
import types

import pytest

import lmssocial.plugin
from lmssocial.core.hooks import PluginHost, Ruling, Submission
from lmssocial.core.hooks.host import Reach
from scripts.docs.api import api
from scripts.docs.facade import hooks
from scripts.docs.pages import API, DOCS, PAGES


@pytest.mark.parametrize("name", PAGES)
def test_a_generated_page_is_up_to_date(name: str) -> None:
    assert (DOCS / name).read_text("utf-8") == PAGES[name](), "run: make docs"


def test_the_hooks_and_their_values_are_those_that_were_agreed_on() -> None:
    assert API.read_text("utf-8") == api(), (
        "A hook or a value changed. If it only grew, raise the minor HOOK_API; if anything went away or means "
        "something else, the major one. Then: make docs"
    )


def test_every_name_a_plugin_may_import_is_on_the_page() -> None:
    page = PAGES["hooks.md"]()
    described = {
        *re.findall(r"^### (\w+)$", page, re.MULTILINE),
        *re.findall(r"^\| `(\w+)` ", page, re.MULTILINE),
    }
    assert set(lmssocial.plugin.__all__) <= described


def test_every_hook_says_when_it_is_called_what_it_returns_and_what_a_failure_means() -> None:
    for name, hook in hooks():
        text = hook.__doc__ or ""
        for part in ("Called ", "Returns ", "If it raises", ".. versionadded:: "):
            assert part in text, f"{name} does not say: {part}"


def test_every_field_of_a_value_is_explained() -> None:
    rows = re.findall(r"^\| `\w+` \| *(.*?) *\|$", PAGES["hooks.md"](), re.MULTILINE)
    assert len(rows) > 20
    assert all(rows)


def test_the_plugin_on_the_page_works() -> None:
    example = re.findall(r"## A plugin.*?```python\n(.*?)```", PAGES["hooks.md"](), re.DOTALL)[0]
    module = types.ModuleType("shouting")
    exec(compile(example, "docs/hooks.md", "exec"), vars(module))  # noqa: S102  # our own page
    host = PluginHost()
    host.register(module, "shouting")
    assert host.broken == {}
    reach = Reach(enabled=frozenset({"shouting"}))
    answers = [
        list(host.ask("lmssocial_screen_submission", reach, submission=_submission(text)))
        for text in ("LOOK HERE", "Look here")
    ]
    assert [answer.value.ruling for answer in answers[0]] == [Ruling.HOLD]
    assert answers[1] == []


def _submission(text: str) -> Submission:
    return Submission(
        kind="discussion.reply",
        tenant_id=1,
        community_id=1,
        author_id=1,
        author_role="learner",
        title="",
        source=text,
        text=text,
    )

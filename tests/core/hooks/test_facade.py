"""Everything a plugin may import is there, means what it says, and works in a plugin."""

import inspect
from dataclasses import FrozenInstanceError, fields, is_dataclass
from enum import Enum
from types import SimpleNamespace
from typing import Any

import pytest
from wtforms import Form

from lmssocial import plugin
from lmssocial.core.hooks import PluginHost, spec
from lmssocial.core.kernel.words import speaking

VALUES = [value for name in plugin.__all__ if is_dataclass(value := getattr(plugin, name))]
CHOICES = [
    value
    for name in plugin.__all__
    if inspect.isclass(value := getattr(plugin, name)) and issubclass(value, Enum)
]


def test_every_name_is_there_once_and_nothing_else_of_ours_is_public() -> None:
    assert len(plugin.__all__) == len(set(plugin.__all__))
    public = {
        name
        for name, value in vars(plugin).items()
        if not name.startswith("_") and not inspect.ismodule(value)
    }
    assert set(plugin.__all__) <= public
    assert plugin.HOOK_API == spec.HOOK_API


@pytest.mark.parametrize("name", plugin.__all__)
def test_every_name_says_what_it_means(name: str) -> None:
    value = getattr(plugin, name)
    if name in {"HOOK_API", "hookimpl"}:  # values; docs/hooks.md says what they mean
        return
    assert len((value.__doc__ or "").split()) >= 4


@pytest.mark.parametrize("value", VALUES, ids=lambda value: value.__name__)
def test_values_cannot_be_changed_by_whoever_is_handed_them(value: Any) -> None:
    made = object.__new__(value)
    with pytest.raises(FrozenInstanceError):
        setattr(made, fields(value)[0].name, "other")


@pytest.mark.parametrize("choice", CHOICES, ids=lambda choice: choice.__name__)
def test_choices_are_written_as_words_or_numbers_that_stay(choice: type[Enum]) -> None:
    assert all(isinstance(member.value, str | int) for member in choice)


def test_rulings_are_ordered_so_that_the_strictest_can_be_found() -> None:
    order = ["ALLOW", "ANNOTATE", "REDACT", "HOLD", "REJECT"]
    assert [ruling.name for ruling in sorted(plugin.Ruling)] == order


def test_a_function_marked_as_hook_is_found_and_one_that_is_not_is_not() -> None:
    @plugin.hookimpl
    def lmssocial_screen_submission(submission: plugin.Submission) -> None:
        del submission

    module = SimpleNamespace(
        manifest=plugin.Manifest(name="marked", title="", summary=""),
        lmssocial_screen_submission=lmssocial_screen_submission,
        lmssocial_on_event=lambda event: event,
    )
    host = PluginHost()
    host.register(module, "marked")

    assert host.hooks_of("marked") == ["lmssocial_screen_submission"]


def test_an_event_of_a_plugin_has_a_name_a_version_and_a_payload() -> None:
    class TableMade(plugin.Event):
        name = "reporting.table_made"

    event = TableMade(tenant_id=1, course_id=2, community_id=None, actor_id=3, actor_role="learner")
    assert (event.name, event.version, event.payload()) == ("reporting.table_made", 1, {})


def test_sentences_are_said_in_the_language_of_whoever_reads_them() -> None:
    later = plugin.lazy_gettext("Link limit")
    with speaking(lambda text: f"<{text}>"):
        assert str(later) == "<Link limit>"
        assert plugin.gettext("%(count)s links", count=3) == "<3 links>"
    assert str(later) == "Link limit"


@pytest.mark.parametrize("form", [plugin.SafeForm])
def test_a_settings_form_is_one_of_wtforms(form: type[Form]) -> None:
    assert issubclass(form, Form)


def test_fields_of_settings_forms_give_lists() -> None:
    class Words(Form):
        words = plugin.LinesField("Words")
        roles = plugin.SelectMultipleChecks("Roles", choices=[("learner", "Learners"), ("mentor", "Mentors")])

    form = Words(data={"words": ["one"], "roles": ["mentor"]})
    assert form.data == {"words": ["one"], "roles": ["mentor"]}


@pytest.mark.parametrize("learners", [True, False])
def test_roles_are_chosen_by_their_values(*, learners: bool) -> None:
    class Trust(Form):
        roles = plugin.RoleChecks("Whom it does not concern", learners=learners)

    offered = [value for value, _label, *_ in Trust().roles.iter_choices()]
    assert offered[0] == plugin.LmsRole.INSTRUCTOR.value
    assert (plugin.LmsRole.LEARNER.value in offered) is learners
    assert set(offered) | {plugin.LmsRole.LEARNER.value} == {role.value for role in plugin.LmsRole}

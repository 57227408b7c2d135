"""For the tests of plugins: things to judge, a way to ask, and a look at the whole plugin.

In the ``conftest.py`` of a plugin's tests::

    pytest_plugins = ["lmssocial.testing"]

and in a test::

    import lmssocial_linklimit
    from lmssocial.testing import ask, submission

    def test_a_post_without_links_passes():
        assert ask(lmssocial_linklimit, submission(text="Hello")) is None

The functions can be imported, or asked for as fixtures of the same names. Nothing here needs a database, a network or
a running lmssocial. A policy is asked as the site asks it: its answer is checked; but an error is raised and not
contained.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from types import ModuleType
from typing import Any

import pytest

from lmssocial.core.hooks import Attachment, Manifest, PluginHost, Submission, Verdict
from lmssocial.core.hooks.judging import judge
from lmssocial.core.hooks.runner import ABOUT_FILES, ABOUT_POSTS
from lmssocial.front.plugin_check import A_SUBMISSION, AN_ATTACHMENT, form_problems, verdict_problems


def submission(**changes: Any) -> Submission:
    """A learner's reply with these ``changes``; of ``text`` and ``source`` the one that is left out is the other.

    :raises TypeError: if a submission has no such field.
    """
    if "text" in changes:
        changes.setdefault("source", changes["text"])
    elif "source" in changes:
        changes["text"] = changes["source"]
    return replace(A_SUBMISSION, **changes)


def attachment(**changes: Any) -> Attachment:
    """A small text file of a learner, with these ``changes``.

    :raises TypeError: if an attachment has no such field.
    """
    return replace(AN_ATTACHMENT, **changes)


def ask(
    plugin: ModuleType | Any, about: Submission | Attachment, *, locale: str = "", **settings: Any
) -> Verdict | None:
    """What ``plugin`` says about a submission or an attachment; ``None`` if it abstains.

    :param plugin: its module, the one its entry point names.
    :param locale: the author's language, such as ``de``; English if none is given.
    :param settings: what is set otherwise than in the defaults.
    :raises ValueError: if the plugin would not be loaded, or its verdict would not be taken.
    :raises Exception: whatever the plugin raises.
    """
    host, manifest = _loaded(plugin)
    made = None if manifest.settings is None else manifest.settings(**settings)
    if made is None and settings:
        raise ValueError(f"{manifest.name} has no settings.")
    if isinstance(about, Attachment):
        return judge(host, ABOUT_FILES, manifest.name, {"attachment": about}, made, locale)
    return judge(host, ABOUT_POSTS, manifest.name, {"submission": about}, made, locale)


def check_plugin(plugin: ModuleType | Any) -> list[str]:
    """Everything that is wrong with ``plugin``, a sentence each; nothing, if it is sound.

    It is loaded as the site loads it; its settings have defaults; its form has a field for each setting and no other;
    it does something; and if it is a policy, what it says about an ordinary post is nothing or a well-formed verdict.
    """
    try:
        host, manifest = _loaded(plugin)
    except ValueError as error:
        return [str(error)]
    return [*_nothing_done(host, manifest), *form_problems(manifest), *verdict_problems(host, manifest)]


def _loaded(plugin: ModuleType | Any) -> tuple[PluginHost, Manifest]:
    manifest = getattr(plugin, "manifest", None)
    name = manifest.name if isinstance(manifest, Manifest) else getattr(plugin, "__name__", "plugin")
    host = PluginHost()
    host.register(plugin, name)
    if broken := host.broken.get(name):
        raise ValueError(broken.reason)
    return host, host.manifests[name]


def _nothing_done(host: PluginHost, manifest: Manifest) -> Iterator[str]:
    if not host.hooks_of(manifest.name):
        yield "It implements no hook, so it does nothing. Mark functions with @hookimpl."


@pytest.fixture(name="submission")
def _submission() -> Callable[..., Submission]:
    """:func:`submission`."""
    return submission


@pytest.fixture(name="attachment")
def _attachment() -> Callable[..., Attachment]:
    """:func:`attachment`."""
    return attachment


@pytest.fixture(name="ask")
def _ask() -> Callable[..., Verdict | None]:
    """:func:`ask`."""
    return ask

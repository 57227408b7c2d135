"""``hooks.md``: how to write a plugin, every hook, and the values that go through them."""

import inspect
from collections.abc import Callable

import lmssocial.plugin
import lmssocial.plugin_data
import lmssocial.plugin_pages
import lmssocial.testing
from lmssocial.core.hooks import spec
from lmssocial.plugin import Work
from scripts.docs.containment import containment
from scripts.docs.facade import DATA, FORMS, PLAIN, VALUES, WORDS, datum, hooks, methods, value
from scripts.docs.markdown import NOTE, first, of_class, of_function, prose, sentences, signature, table


def hooks_page() -> str:
    """The whole page."""
    version = ".".join(str(part) for part in spec.HOOK_API)
    parts = [
        "# Hooks",
        "",
        NOTE + "<!-- Source: lmssocial/plugin.py, lmssocial/core/hooks/ -->",
        "",
        f"This is hook API {version}. {prose(inspect.getdoc(spec) or '')}",
        "",
        "## A plugin",
        "",
        prose(inspect.getdoc(lmssocial.plugin) or ""),
        "",
        "`lmssocial plugins new NAME` writes such a plugin, complete with settings, tests and a translation;",
        "[write a policy](write-a-policy.md) goes through all of it. `lmssocial plugins check NAME` says what is wrong",
        "with one, and `lmssocial plugins enable NAME` switches it on.",
        "",
        "[Write a plugin](write-a-plugin.md) shows timers, pages, secrets, commands, notices and erasing.",
        "",
    ]
    for name, function in hooks():
        parts += [f"## {name}", "", *_code(name, function), of_function(function), ""]
    parts += ["## The values", ""]
    for name in VALUES:
        parts += [f"### {name}", "", *of_class(value(name)), ""]
    parts += [*_work(), *_forms_and_words(), *_data(), *_pages(), *containment(), *_testing()]
    return "\n".join(parts).rstrip() + "\n"


def _code(name: str, function: Callable[..., object]) -> list[str]:
    return [f"```python\n{signature(name, function)}\n```", ""]


def _work() -> list[str]:
    """What a timer or a command of a plugin has at hand."""
    rows = [(name, sentences(method)) for name, method in methods(Work)]
    return ["### Work", "", prose(inspect.getdoc(Work) or ""), "", *table("method", rows), ""]


def _forms_and_words() -> list[str]:
    """Base classes of settings forms, and the functions."""
    parts = ["## Forms and words", ""]
    for name in FORMS:
        parts += [f"### {name}", "", prose(sentences(value(name))), ""]
    rows = [(name, said or first(value(name))) for name, said in WORDS.items()]
    return [*parts, "### The other names", "", *table("name", rows), ""]


def _data() -> list[str]:
    """What plugins can read of a site."""
    rows = [(name, PLAIN.get(name) or first(datum(name))) for name in lmssocial.plugin_data.__all__]
    parts = ["## Data", "", prose(inspect.getdoc(lmssocial.plugin_data) or ""), ""]
    parts += [*table("name of `lmssocial.plugin_data`", rows), ""]
    for name in DATA:
        parts += [f"### {name}", "", *of_class(datum(name)), ""]
    return parts


def _pages() -> list[str]:
    """What the pages of plugins can use."""
    pages = lmssocial.plugin_pages
    rows = [(name, first(getattr(pages, name))) for name in pages.__all__]
    said = prose(inspect.getdoc(pages) or "")
    return ["## Pages", "", said, "", *table("name of `lmssocial.plugin_pages`", rows), ""]


def _testing() -> list[str]:
    """What the tests of plugins can use."""
    testing = lmssocial.testing
    parts = ["## Tests", "", prose(inspect.getdoc(testing) or ""), ""]
    for function in (testing.submission, testing.attachment, testing.ask, testing.check_plugin):
        name = function.__name__
        parts += [f"### {name}", "", *_code(name, function), prose(sentences(function)), ""]
    return parts

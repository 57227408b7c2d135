"""Plugins are told of grades and give none: nothing of the way into the LMS's gradebook is in the façade.

A report that could write into a gradebook would be trusted by nobody. A widget that comes as a plugin may say which
column it would have (``Widget.line_item``); what goes into columns is said inside.
"""

import ast
import inspect
from pathlib import Path
from types import ModuleType

import pytest

import lmssocial.plugin
import lmssocial.plugin_pages
import lmssocial.testing

INSIDE = ("lmssocial.social.gradebook", "lmssocial.lms.lti.services", "lmssocial.lms.identity.endpoints")
FACADE = (lmssocial.plugin, lmssocial.plugin_pages, lmssocial.testing)


def imported(source: str) -> set[str]:
    """The modules that ``source`` imports from, and what it imports by name."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def reaches_grades(source: str) -> bool:
    return any(name.startswith(INSIDE) for name in imported(source))


@pytest.mark.parametrize("module", FACADE, ids=lambda module: module.__name__)
def test_the_facade_does_not_reach_the_grade_service(module: ModuleType) -> None:
    assert not reaches_grades(inspect.getsource(module))
    origins = {getattr(value, "__module__", "") or "" for value in vars(module).values()}
    assert not [origin for origin in origins if origin.startswith(INSIDE)]


def test_no_plugin_of_ours_does_either() -> None:
    plugins = Path(__file__).resolve().parents[2] / "plugins"
    sources = [path for path in plugins.rglob("*.py") if "/tests/" not in path.as_posix()]
    assert sources
    assert not [path.name for path in sources if reaches_grades(path.read_text("utf-8"))]


def test_it_would_be_noticed() -> None:
    assert reaches_grades("from lmssocial.social import gradebook")
    assert reaches_grades("import lmssocial.lms.lti.services.grades")
    assert not reaches_grades("from lmssocial.core.hooks import LineItemDraft")

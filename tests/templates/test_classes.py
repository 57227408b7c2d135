"""Templates and the style sheet agree: a class that nobody drew is a mistake."""

import re
from pathlib import Path

import pytest

from lmssocial import paths

STYLES = paths.resource("frontend") / "css"
HOME = paths.resource("templates")
"""The demo LMS has a look of its own."""
TEMPLATES = sorted(file for file in HOME.rglob("*.html") if "demo" not in file.relative_to(HOME).parts)
HOOKS = {"page"}
"""Names a kind of page and looks like nothing."""


def styled() -> set[str]:
    """Every class the style sheet has a rule for."""
    sheet = "".join(
        re.sub(r"/\*.*?\*/", "", file.read_text("utf-8"), flags=re.DOTALL) for file in STYLES.rglob("*.css")
    )
    selectors = re.sub(r'"[^"]*"', "", sheet)
    return set(re.findall(r"\.([a-z][a-z-]*[a-z])(?![\w(])", selectors))


def used(text: str) -> set[str]:
    """Every class a template gives to something, also those behind a condition."""
    found: set[str] = set()
    for value in re.findall(r'class_?="((?:\{\{.*?\}\}|\{%.*?%\}|[^"{])*)"', text, flags=re.DOTALL):
        for expression in re.findall(r"\{\{.*?\}\}", value):
            found.update(
                name for literal in re.findall(r"'([a-z -]+)'", expression) for name in literal.split()
            )
        plain = re.sub(r"[\w-]*\{\{.*?\}\}[\w-]*|\{%.*?%\}", " ", value)
        found.update(plain.split())
    return found


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda file: str(file.relative_to(HOME)))
def test_every_class_in_a_template_has_a_rule(template: Path) -> None:
    text = template.read_text("utf-8")
    assert used(text) - styled() - HOOKS == set()


def test_the_classes_of_a_template_are_really_found() -> None:
    text = """<p class="soft{% if a %} is-b{% endif %} {{ 'good' if c else 'bad' }} face-{{ size }}">"""
    assert used(text) == {"soft", "is-b", "good", "bad"}

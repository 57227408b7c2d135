"""Whoever reads a route knows which template it shows, and the other way round."""

import ast
import json
import re
from collections.abc import Iterator

import pytest

from lmssocial import paths
from tests.structure.rules import Module, our_modules

TEMPLATES = paths.resource("templates")

NAMED_AFTER_ITS_VIEW = ("_list", "_detail")
"""A view that shows a list or one thing shows the template of its own name."""


def renderings(module: Module) -> Iterator[tuple[str, str, int]]:
    """View, template and line of each ``render_template`` with a literal name."""
    for function in ast.walk(module.tree):
        if not isinstance(function, ast.FunctionDef):
            continue
        for node in ast.walk(function):
            if (
                isinstance(node, ast.Call)
                and ast.unparse(node.func).endswith("render_template")
                and node.args
                and isinstance(node.args[0], ast.Constant)
            ):
                yield function.name, str(node.args[0].value), node.lineno


def slice_of(module: Module) -> str:
    """The room a module lives in, ``discussion`` for ``lmssocial.widgets.discussion.routes``; a plugin's package."""
    parts = module.name.split(".")
    return parts[2] if parts[0] == "lmssocial" else parts[0]


def misnamed(module: Module) -> Iterator[str]:
    """Sentences about views of ``module`` that show another slice's templates, or oddly named ones."""
    if not module.stem.endswith("routes"):
        return
    for view, template, line in renderings(module):
        folder, _, file = template.rpartition("/")
        if folder.split("/")[0] != slice_of(module):
            yield f"{module.name}:{line} {view}() shows {template}, which is another slice's"
        elif view.endswith(NAMED_AFTER_ITS_VIEW) and not file.startswith("_") and file != f"{view}.html":
            yield f"{module.name}:{line} {view}() shows {template}, not {view}.html"


def test_views_show_the_templates_of_their_name() -> None:
    assert not [sentence for module in our_modules() for sentence in misnamed(module)]


@pytest.mark.parametrize(
    "body",
    [
        "return render_template('library/thread_list.html')",
        "return render_template('discussion/threads.html')",
    ],
)
def test_a_misnamed_template_is_noticed(body: str) -> None:
    module = Module("lmssocial.widgets.discussion.routes", f"def thread_list():\n    {body}")

    assert list(misnamed(module))


def test_every_template_is_used() -> None:
    code = "\n".join(module.source for module in our_modules())
    markup = {path: path.read_text("utf-8") for path in TEMPLATES.rglob("*.html")}
    idle = []
    for path in markup:
        name = path.relative_to(TEMPLATES).as_posix()
        if name.startswith("errors/"):
            continue  # chosen by status: errors/404.html
        elsewhere = code + "".join(text for other, text in markup.items() if other != path)
        if not re.search(rf"""["']{re.escape(name)}["']""", elsewhere):
            idle.append(name)
    assert not idle


def test_no_template_carries_script_or_style_of_its_own() -> None:
    """The Content-Security-Policy would refuse them (W3C CSP 3 §8.1), so the page would be broken."""
    forbidden = re.compile(r"""\son\w+=|\sstyle=|<style|javascript:|<script(?![^>]*\bsrc=)""", re.IGNORECASE)
    found = [
        f"{path.relative_to(TEMPLATES)}:{number} {line.strip()}"
        for path in sorted(TEMPLATES.rglob("*.html"))
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
        if forbidden.search(line)
    ]
    assert not found, "\n".join(found)


def test_every_icon_that_a_template_draws_is_in_the_sprite() -> None:
    sprite = set(json.loads((TEMPLATES.parent / "frontend" / "icons.json").read_text("utf-8")))
    drawn = re.compile(r"""\bicon\(\s*["']([\w-]+)["']""")
    missing = [
        f"{path.relative_to(TEMPLATES)}: {name}"
        for path in sorted(TEMPLATES.rglob("*.html"))
        for name in drawn.findall(path.read_text("utf-8"))
        if name not in sprite
    ]
    assert not missing

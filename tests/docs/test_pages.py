"""What the pages say leads somewhere, and is so."""

import re
from pathlib import Path
from urllib.parse import unquote

import pytest

from lmssocial.settings import PREFIX, Settings
from tests.docs.markdown import ROOT, anchors, code, name, pages, targets

PAGES = pytest.mark.parametrize("page", pages(), ids=name)

LARGEST_PICTURE = 200_000
"""Bytes: the README is read on phones too."""


@PAGES
def test_every_link_and_picture_is_there(page: Path) -> None:
    missing = []
    for target in targets(page):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = unquote(target).partition("#")
        there = (page.parent / path).resolve() if path else page
        if not there.exists() or (anchor and anchor not in anchors(there)):
            missing.append(target)
    assert not missing


@PAGES
def test_every_setting_named_exists(page: Path) -> None:
    known = {f"{PREFIX}{field.upper()}" for field in Settings.__dataclass_fields__}
    named = {
        word
        for text in code(page)
        for word in re.findall(rf"{PREFIX}[A-Z_]+", text)
        if not word.endswith("_")
    }
    assert named <= known


@PAGES
def test_every_file_named_exists(page: Path) -> None:
    places = "lmssocial|templates|migrations|tests|docs|deploy|scripts|benchmarks|frontend|plugins"
    named = [text for text in code(page) if re.fullmatch(rf"(?:{places})/[\w./-]*", text)]
    generated = {"benchmarks/results/", "lmssocial/web/static/dist/"}
    assert [text for text in named if text not in generated and not (ROOT / text).exists()] == []


def test_pictures_are_small_and_all_are_shown() -> None:
    shown = {
        (page.parent / target).resolve()
        for page in pages()
        for target in targets(page)
        if "images/" in target
    }
    kept = set((ROOT / "docs" / "images").glob("*"))
    assert kept == shown
    assert [picture.name for picture in kept if picture.stat().st_size > LARGEST_PICTURE] == []

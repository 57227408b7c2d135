"""The picture of the house shows the house: every room, and no room that is not there."""

import re

from tests.docs.markdown import ROOT, code

PAGE = ROOT / "docs" / "architecture.md"


def test_every_room_is_in_the_picture() -> None:
    named = set(code(PAGE))
    package = ROOT / "lmssocial"
    rooms = {
        module.parent.relative_to(ROOT).as_posix()
        for module in package.rglob("__init__.py")
        if module.parent != package and len(module.parent.relative_to(package).parts) <= 2
    }
    assert sorted(rooms - named) == []


def test_every_module_named_is_there() -> None:
    modules = {text for text in code(PAGE) if re.fullmatch(r"lmssocial(\.[a-z_]+)+", text)}
    assert modules
    entry_point_group = "lmssocial.plugins"
    missing = [
        text
        for text in sorted(modules - {entry_point_group})
        if not any((ROOT / text.replace(".", "/")).with_suffix(suffix).exists() for suffix in ("", ".py"))
    ]
    assert missing == []


def test_every_module_beside_the_wings_is_in_the_picture() -> None:
    named = set(code(PAGE))
    beside = {f"lmssocial/{module.name}" for module in (ROOT / "lmssocial").glob("[a-z]*.py")}
    assert sorted(beside - named - {"lmssocial/__main__.py"}) == []


def test_every_folder_of_tests_named_is_there_and_the_special_ones_are_named() -> None:
    named = {text for text in code(PAGE) if re.fullmatch(r"tests/[a-z]+", text)}
    folders = {
        folder.relative_to(ROOT).as_posix()
        for folder in (ROOT / "tests").iterdir()
        if (folder / ".").is_dir()
    }
    mirrored = {f"tests/{wing.name}" for wing in (ROOT / "lmssocial").iterdir()} | {"tests/templates"}
    assert sorted(named - folders) == []
    assert sorted(folders - named - mirrored - {"tests/__pycache__"}) == []

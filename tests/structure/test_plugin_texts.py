"""Every text of a first-party plugin can be read in every language that lmssocial speaks."""

import re
from pathlib import Path

import pytest
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po

from tests.structure.rules import ROOT

PACKAGES = sorted(path.parent for path in ROOT.glob("plugins/*/lmssocial_*/__init__.py"))
LANGUAGES = sorted(path.name for path in (ROOT / "lmssocial" / "translations").iterdir() if path.is_dir())
KEYWORDS = {**DEFAULT_KEYWORDS, "lazy_gettext": None, "_l": None, "lazy_ngettext": (1, 2)}
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]

_PLACE = re.compile(r"%\(\w+\)[a-z]")


def texts(package: Path) -> set[str]:
    """What a plugin says to people; of a text with a plural, both forms."""
    found: set[str] = set()
    for _file, _line, message, _comments, _context in extract_from_dir(package, METHODS, keywords=KEYWORDS):
        found.update((message,) if isinstance(message, str) else message)
    return found


def said(package: Path, language: str) -> dict[str, list[str]]:
    """A plugin's catalogue: every text, with what it is in ``language``, in all its plural forms."""
    catalogue: dict[str, list[str]] = {}
    with (package / "translations" / language / "LC_MESSAGES" / "messages.po").open("rb") as source:
        for message in read_po(source, locale=language, abort_invalid=True):
            forms = [message.string] if isinstance(message.string, str) else list(message.string or ())
            for text in [message.id] if isinstance(message.id, str) else message.id:
                catalogue[text] = ["" if message.fuzzy else form for form in forms]
    return catalogue


def test_there_are_plugins_and_languages() -> None:
    assert {"linklimit", "pacing"} <= {package.parent.name for package in PACKAGES}
    assert {"ar", "de"} <= set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: str(package.parent.name))
def test_every_text_of_a_plugin_is_translated_with_its_places(package: Path, language: str) -> None:
    catalogue = said(package, language)
    wanted = texts(package)

    assert wanted, "a plugin without a text has no title"
    assert sorted(wanted - catalogue.keys()) == [], "not in the catalogue"
    assert sorted(catalogue.keys() - wanted - {""}) == [], "no longer said"
    for text in wanted:
        for form in catalogue[text]:
            assert form, text
            assert set(_PLACE.findall(form)) <= set(_PLACE.findall(text)), text
        if len(catalogue[text]) == 1:
            assert sorted(_PLACE.findall(catalogue[text][0])) == sorted(_PLACE.findall(text)), text

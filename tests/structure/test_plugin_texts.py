"""Every text of a first-party plugin is translated to every language of lmssocial, and means what it says there."""

import re
from pathlib import Path

import pytest
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po

from tests.structure.rules import ROOT

PACKAGES = sorted(path.parent for path in ROOT.glob("plugins/*/lmssocial_*/__init__.py"))
LANGUAGES = sorted(path.name for path in (ROOT / "lmssocial" / "translations").iterdir() if path.is_dir())
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "lazy_gettext": None,
    "_l": None,
    "lazy_ngettext": (1, 2),
    "lazy_pgettext": ((1, "c"), 2),
}
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]

_PLACE = re.compile(r"%\(\w+\)[a-z]")


Text = tuple[str, str]
"""Its context, empty without one, and what it says in English."""


def texts(package: Path) -> set[Text]:
    """What a plugin says to people; of a text with a plural, both forms."""
    found: set[Text] = set()
    for _file, _line, message, _comments, context in extract_from_dir(package, METHODS, keywords=KEYWORDS):
        forms = (message,) if isinstance(message, str) else message
        found.update((context or "", form) for form in forms)
    return found


def said(package: Path, language: str) -> dict[Text, list[str]]:
    """The catalogue of a package: every text, with what it is in ``language``, in all its plural forms."""
    catalogue: dict[Text, list[str]] = {}
    with (package / "translations" / language / "LC_MESSAGES" / "messages.po").open("rb") as source:
        for message in read_po(source, locale=language, abort_invalid=True):
            forms = [message.string] if isinstance(message.string, str) else list(message.string or ())
            for text in [message.id] if isinstance(message.id, str) else message.id:
                catalogue[message.context or "", text] = ["" if message.fuzzy else form for form in forms]
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
    assert sorted(catalogue.keys() - wanted - {("", "")}) == [], "no longer said"
    for context, text in wanted:
        forms = catalogue[context, text]
        for form in forms:
            assert form, text
            assert set(_PLACE.findall(form)) <= set(_PLACE.findall(text)), text
        if len(forms) == 1:
            assert sorted(_PLACE.findall(forms[0])) == sorted(_PLACE.findall(text)), text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_is_the_same_in_every_catalogue_or_has_a_context(language: str) -> None:
    """They are asked one behind the other, the core's first: the first that knows a text says it for all."""
    first: dict[Text, tuple[str, list[str]]] = {}
    other: list[str] = []
    for package in (ROOT / "lmssocial", *PACKAGES):
        for text, forms in said(package, language).items():
            where, before = first.setdefault(text, (package.name, forms))
            if text[1] and before != forms:
                other.append(f"{text}: {before} in {where}, {forms} in {package.name}")

    assert other == [], "say the same, or use pgettext"

"""How a message reads: a title, plain text and a page, in the language of whoever gets it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import css_inline
from babel import Locale
from babel.support import NullTranslations, Translations
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from lmssocial import paths
from lmssocial.core.kernel import catalogues
from lmssocial.core.kernel.words import gettext, ngettext, speaking
from lmssocial.web.i18n import SOURCE_LANGUAGE, TRANSLATIONS, choose_locale, languages_in

MOST = 20
"""Notices of one community that a message names; how many more there are, it says."""
LONGEST_TITLE = 300


@dataclass(frozen=True, kw_only=True)
class Item:
    """One thing that somebody should know."""

    sentence: str
    where: str
    """What it is about, in its author's words; may be empty."""
    href: str
    excerpt: str = ""


@dataclass(frozen=True)
class Section:
    """What there is to know in one community, the newest first."""

    name: str
    """The community's title."""
    notices: Sequence[Item] = ()
    more: int = 0
    """How many things beyond those named."""


@dataclass(frozen=True, kw_only=True)
class Ways:
    """Where a reader can change what they get."""

    unsubscribe: str
    unsubscribe_words: str
    settings: str


@dataclass(frozen=True)
class Message:
    """What goes out."""

    title: str
    text: str
    html: str


@dataclass(frozen=True)
class Voice:
    """A language that messages can be written in."""

    locale: Locale = field(default_factory=lambda: Locale(SOURCE_LANGUAGE))
    translations: NullTranslations = field(default_factory=NullTranslations)

    @contextmanager
    def speaking(self) -> Iterator[None]:
        """Let every sentence in the block be said in it."""
        with speaking(self.translations.ugettext, self.translations.ungettext):
            yield

    @property
    def tag(self) -> str:
        """Its name in HTML and in mail (BCP 47)."""
        return str(self.locale).replace("_", "-")


class Voices:
    """Every language there is a catalogue for."""

    def __init__(self, plugins: Sequence[Path] = ()) -> None:
        """:param plugins: the folders with the catalogues of plugins."""
        self._plugins = plugins
        self._languages = languages_in(TRANSLATIONS)
        self._kept: dict[str, NullTranslations] = {}

    def of(self, wish: str) -> Voice:
        """The language that suits a wish such as ``de-AT``; English if none does."""
        locale = choose_locale([wish] if wish else [], self._languages)
        name = str(locale)
        if name not in self._kept:
            found = catalogues.load(TRANSLATIONS, name)
            for folder in self._plugins if isinstance(found, Translations) else ():
                found.add_fallback(catalogues.load(folder, name))
            self._kept[name] = found
        return Voice(locale, self._kept[name])


def write(voice: Voice, title: str, sections: Sequence[Section], ways: Ways) -> Message:
    """The message that says ``sections``, in the language of ``voice``."""
    values = {
        "language": voice.tag,
        "direction": voice.locale.text_direction,
        "title": title,
        "sections": sections,
        "unsubscribe": ways.unsubscribe,
        "unsubscribe_words": ways.unsubscribe_words,
        "settings": ways.settings,
    }
    page = _templates(voice).get_template("mail/letter.html").render(values)
    text = _templates(voice).get_template("mail/letter.txt").render(values)
    return Message(title[:LONGEST_TITLE], text, _inliner().inline(page))


def title_of(sections: Sequence[Section]) -> str:
    """What a message about what happened just now is called."""
    count = sum(len(section.notices) + section.more for section in sections)
    first = sections[0].notices[0]
    if count == 1:
        return f"{first.sentence}: {first.where}" if first.where else first.sentence
    if len(sections) == 1:
        return ngettext(
            "%(num)s thing that concerns you in %(community)s",
            "%(num)s things that concern you in %(community)s",
            count,
            community=sections[0].name,
        )
    return ngettext("%(num)s thing that concerns you", "%(num)s things that concern you", count)


def digest_title(sections: Sequence[Section]) -> str:
    """What a digest is called."""
    if len(sections) == 1:
        return gettext("What is new in %(community)s", community=sections[0].name)
    return gettext("What is new in your courses")


@lru_cache(maxsize=64)
def _templates(voice: Voice) -> Environment:
    """Templates outside of a request, in one language."""
    environment = Environment(
        loader=FileSystemLoader(paths.resource("templates")),
        autoescape=select_autoescape(("html",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_translations(voice.translations, newstyle=True)  # type: ignore[attr-defined]
    return environment


@lru_cache(maxsize=1)
def _inliner() -> css_inline.CSSInliner:
    sheet = paths.resource("templates") / "mail" / "letter.css"
    return css_inline.CSSInliner(extra_css=sheet.read_text("utf-8"), load_remote_stylesheets=False)

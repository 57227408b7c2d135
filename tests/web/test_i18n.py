"""Which language a page speaks, which way it runs, and how it tells the time."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from flask import Flask, g, render_template_string
from flask_babel import gettext, ngettext, pgettext

from lmssocial.web import i18n

MORNING = datetime(2026, 11, 24, 10, 14, 59, tzinfo=UTC)
Texts = dict[str | tuple[str, str], str | tuple[str, str]]
GERMAN: Texts = {
    "Reply": "Antworten",
    "Hello %(name)s": "Hallo %(name)s",
    ("%(num)s reply", "%(num)s replies"): ("%(num)s Antwort", "%(num)s Antworten"),
}


@pytest.fixture
def translations(tmp_path: Path) -> Path:
    """A German catalogue, an Arabic one, and a language nobody compiled."""
    arabic: Texts = {"Reply": "رد"}
    for language, texts in {"de": GERMAN, "ar": arabic}.items():
        folder = tmp_path / language / "LC_MESSAGES"
        folder.mkdir(parents=True)
        catalogue = Catalog(locale=language)
        for text, translation in texts.items():
            catalogue.add(text, translation)
        with (folder / "messages.mo").open("wb") as file:
            write_mo(file, catalogue)
    (tmp_path / "fr" / "LC_MESSAGES").mkdir(parents=True)
    return tmp_path


@pytest.fixture
def speak(translations: Path) -> Callable[..., str]:
    """Render a template for somebody: ``speak("{{ _('Reply') }}", browser="de", locale="ar")``."""
    app = Flask("words", static_folder=None)
    i18n.init_app(app, translations)

    def render(
        template: str, *, browser: str = "", locale: str = "", zone: str = "", **values: object
    ) -> str:
        headers = {"Accept-Language": browser} if browser else {}
        with app.test_request_context(headers=headers):
            if locale:
                g.locale = locale
            if zone:
                g.time_zone = zone
            return render_template_string(template, **values)

    return render


def test_a_wish_that_we_do_not_speak_gives_way_to_the_next(translations: Path) -> None:
    app = Flask("chain", static_folder=None)
    i18n.init_app(app, translations)

    def spoken(launch: str, person: str, browser: str, tenant: str) -> str:
        with app.test_request_context(headers={"Accept-Language": browser} if browser else {}):
            i18n.speak(launch, person, tenant=tenant)
            return i18n.language_tag()

    assert spoken("de", "ar", "en", "ar") == "de"
    assert spoken("fr", "ar", "de", "de") == "ar"
    assert spoken("", "fr", "de-AT", "ar") == "de-AT"
    assert spoken("fr", "xx", "nl", "ar") == "ar"
    assert spoken("fr", "", "", "nl") == "en"


@pytest.mark.parametrize(
    ("locale", "browser", "tag"),
    [
        ("", "", "en"),
        ("", "de-AT,de;q=0.9,en;q=0.5", "de-AT"),
        ("", "fr-FR,fr;q=0.9,de;q=0.5", "de"),  # nobody compiled French
        ("", "fr", "en"),
        ("", "xx,*;q=0.5,@@", "en"),
        ("ar", "de", "ar"),  # the LMS knows better than the browser
        ("de_CH", "en", "de-CH"),
        ("fr-CA", "de", "de"),
        ("nonsense!", "de", "de"),
        ("en-GB", "de", "en-GB"),
    ],
)
def test_the_launch_decides_then_the_browser_then_english(
    speak: Callable[..., str], locale: str, browser: str, tag: str
) -> None:
    assert speak("{{ language_tag() }}", locale=locale, browser=browser) == tag


def test_templates_and_code_speak_the_same_language(speak: Callable[..., str]) -> None:
    said = speak("{{ _('Reply') }} {{ said() }}", locale="de", said=lambda: gettext("Reply"))
    assert said == "Antworten Antworten"


def test_plurals_and_places_are_filled_in_and_names_are_escaped(speak: Callable[..., str]) -> None:
    template = "{{ ngettext('%(num)s reply', '%(num)s replies', n) }} {{ _('Hello %(name)s', name=name) }}"
    assert speak(template, locale="de", n=1, name="<b>") == "1 Antwort Hallo &lt;b&gt;"
    assert speak(template, locale="de", n=3, name="Ana") == "3 Antworten Hallo Ana"


def test_a_text_without_a_translation_stays_english(speak: Callable[..., str]) -> None:
    assert speak("{{ _('Never seen') }}", locale="de") == "Never seen"


@pytest.mark.parametrize(
    ("locale", "direction"), [("en", "ltr"), ("de", "ltr"), ("ar", "rtl"), ("ar-EG", "rtl")]
)
def test_the_direction_follows_the_language(speak: Callable[..., str], locale: str, direction: str) -> None:
    assert speak("{{ text_direction() }}", locale=locale) == direction


@pytest.mark.parametrize(
    ("locale", "zone", "text"),
    [
        ("en-GB", "", "24 Nov 2026, 10:14 UTC"),
        ("en-GB", "Europe/Berlin", "24 Nov 2026, 11:14"),
        ("en", "America/New_York", "Nov 24, 2026, 5:14\u202fAM"),
        ("de", "Europe/Berlin", "24.11.2026, 11:14"),
        ("en-GB", "Nowhere/At_All", "24 Nov 2026, 10:14 UTC"),
        ("en-GB", "../../etc/passwd", "24 Nov 2026, 10:14 UTC"),
    ],
)
def test_moments_are_told_in_the_readers_language_and_zone(
    speak: Callable[..., str], locale: str, zone: str, text: str
) -> None:
    assert speak("{{ moment(when) }}", locale=locale, zone=zone, when=MORNING) == text


def test_two_people_at_once_each_hear_their_own_language(speak: Callable[..., str]) -> None:
    assert [speak("{{ _('Reply') }}", locale=locale) for locale in ("de", "ar", "en", "de")] == [
        "Antworten",
        "رد",
        "Reply",
        "Antworten",
    ]


def test_what_a_plugin_says_is_found_behind_our_own_catalogue(translations: Path, tmp_path: Path) -> None:
    folder = tmp_path / "plugin"
    file = folder / "de" / "LC_MESSAGES" / "messages.po"
    file.parent.mkdir(parents=True)
    file.write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
        'msgid "Link limit"\nmsgstr "Höchstzahl der Links"\n\nmsgid "Reply"\nmsgstr "Etwas anderes"\n\n'
        'msgctxt "a reply"\nmsgid "Reply"\nmsgstr "Antwort"\n',
        "utf-8",
    )
    app = Flask("words", static_folder=None)
    i18n.init_app(app, translations, plugins=[tmp_path / "nothing", folder])
    with app.test_request_context(headers={"Accept-Language": "de-AT"}):
        assert gettext("Link limit") == "Höchstzahl der Links"
        assert gettext("Reply") == "Antworten"
        assert gettext("Nobody translated this") == "Nobody translated this"
        assert pgettext("a reply", "Reply") == "Antwort"
        assert render_template_string("{{ pgettext('a reply', 'Reply') }}") == "Antwort"
        assert pgettext("a verb", "Nobody translated this") == "Nobody translated this"
        assert ngettext("%(num)s cow", "%(num)s cows", 2) == "2 cows"
    with app.test_request_context(headers={"Accept-Language": "ar"}):
        assert gettext("Link limit") == "Link limit"


@pytest.mark.parametrize("content", [b"no catalogue at all", b'msgid "\xff"\nmsgstr "\xfe"'])
def test_a_plugins_catalogue_that_cannot_be_read_costs_its_words_and_nothing_else(
    translations: Path, tmp_path: Path, content: bytes
) -> None:
    file = tmp_path / "plugin" / "de" / "LC_MESSAGES" / "messages.po"
    file.parent.mkdir(parents=True)
    file.write_bytes(content)
    app = Flask("words", static_folder=None)
    i18n.init_app(app, translations, plugins=[tmp_path / "plugin"])
    with app.test_request_context(headers={"Accept-Language": "de"}):
        assert gettext("Link limit") == "Link limit"
        assert gettext("Reply") == "Antworten"

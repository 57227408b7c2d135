"""Language and time of a page: which locale a request gets, and what templates need to say it.

The launch decides: how the LMS shows itself to its person (``launch_presentation.locale``), then the person's own
language, both told by :func:`speak` (and ``flask.g.time_zone``, where a platform tells it); else the browser's
``Accept-Language``, else the language of the tenant, else English. What we do not speak is passed over.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time, get_datetime_format
from babel.support import NullTranslations, Translations
from flask import Flask, g, has_app_context, request
from flask_babel import Babel, Domain, get_locale, get_timezone, get_translations
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

from lmssocial.core.kernel import catalogues

TRANSLATIONS = Path(__file__).resolve().parent.parent / "translations"
"""One folder per language; ``messages.mo`` inside is compiled when the package is built."""

SOURCE_LANGUAGE = "en"
"""The language the texts are written in; needs no catalogue."""


class Catalogues(Domain):  # type: ignore[misc]  # Flask-Babel ships no types
    """Our catalogue of a language, and behind it those of the plugins, which are asked for what ours does not say.

    A text that means something else in a plugin has a context there (``pgettext``), so that it is not found in ours.
    """

    def __init__(self, plugins: Sequence[Path]) -> None:
        """:param plugins: folders like ours, a catalogue for each language in them."""
        super().__init__()
        self._plugins = plugins
        self._complete: set[str] = set()

    def get_translations(self) -> NullTranslations:
        """This request's catalogue."""
        found: NullTranslations = super().get_translations()
        locale = str(get_locale() or SOURCE_LANGUAGE)
        if locale not in self._complete and isinstance(found, Translations):
            self._complete.add(locale)
            for folder in self._plugins:
                found.add_fallback(catalogues.load(folder, locale))
        return found


def init_app(app: Flask, translations: Path = TRANSLATIONS, *, plugins: Sequence[Path] = ()) -> None:
    """Set up Flask-Babel and the template globals ``language_tag``, ``text_direction`` and ``moment``.

    :param plugins: the folders with the catalogues of plugins.
    """
    languages = languages_in(translations)
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(translations)
    babel = Babel(
        app,
        default_locale=SOURCE_LANGUAGE,
        default_timezone="UTC",
        locale_selector=lambda: choose_locale(_wishes(), languages),
        timezone_selector=_time_zone,
        configure_jinja=False,
    )
    babel.domain_instance = Catalogues(plugins)
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=translated,
        ngettext=counted,
        pgettext=lambda context, text: _catalogue().upgettext(context, text),
        npgettext=lambda context, one, many, count: _catalogue().unpgettext(context, one, many, count),
        newstyle=True,
    )
    app.jinja_env.globals.update(
        _=say, gettext=say, language_tag=language_tag, text_direction=text_direction, moment=moment
    )


@pass_eval_context
def say(autoescape: EvalContext, text: str, **values: object) -> str:
    """``text`` in the reader's language, ``values`` escaped into its places: ``_()`` of templates.

    What Jinja brings does the same, but takes its time; a page says its texts fifty times over, so each is looked up
    once in a request.
    """
    if not autoescape.autoescape:
        plain = translated(text)
        return plain % values if values else plain
    said: dict[str, Markup] | None = g.get("said")
    if said is None:
        said = g.said = {}
    marked = said.get(text)
    if marked is None:
        marked = said[text] = Markup(translated(text))  # noqa: S704 – the catalogue is ours
    return marked % values if values else marked


def translated(text: str) -> str:
    """``text`` in the reader's language, without places."""
    found: str = _catalogue().ugettext(text)
    return found


def counted(one: str, many: str, count: int) -> str:
    """The form of a text that suits ``count`` in the reader's language, without places filled; English for nobody."""
    if not has_app_context():
        return one if count == 1 else many
    found: str = _catalogue().ungettext(one, many, count)
    return found


def languages_in(translations: Path) -> frozenset[str]:
    """The languages there are compiled catalogues for, and the one the texts are written in."""
    compiled = translations.glob("*/LC_MESSAGES/messages.mo")
    return frozenset({SOURCE_LANGUAGE, *(file.parent.parent.name for file in compiled)})


def choose_locale(wishes: list[str], languages: frozenset[str]) -> Locale:
    """The first wish, such as ``de-AT``, whose language we speak; its region stays, for the dates.

    :param wishes: language tags (BCP 47), the most wanted first; what cannot be understood is passed over.
    """
    for wish in wishes:
        locale = _parsed(wish)
        if locale is not None and locale.language in languages:
            return locale
    return Locale(SOURCE_LANGUAGE)


def language_tag() -> str:
    """The page's language for the ``lang`` attribute (BCP 47), such as ``en`` or ``de-AT``."""
    return str(get_locale() or SOURCE_LANGUAGE).replace("_", "-")


def text_direction() -> str:
    """``"ltr"`` or ``"rtl"``, for the ``dir`` attribute."""
    locale = get_locale()
    return locale.text_direction if locale else "ltr"


def moment(when: datetime) -> str:
    """``when`` (aware) to the minute, in the reader's language and zone: ``24 Nov 2026, 10:14``.

    Where nobody told us the reader's zone it is UTC, and the text says so.
    """
    reader: tuple[str, str] | None = g.get("reader")
    if reader is None:
        reader = g.reader = (str(get_locale() or SOURCE_LANGUAGE), str(get_timezone() or "UTC"))
    return _moment(int(when.timestamp()) // 60, *reader)


@lru_cache(maxsize=4096)
def _moment(minute: int, locale: str, zone: str) -> str:
    """Formatting takes a tenth of a millisecond, and a thread page does it fifty times: so it is kept."""
    local = datetime.fromtimestamp(minute * 60, ZoneInfo(zone))
    time = format_time(local, "short", locale=locale) + (" UTC" if zone == "UTC" else "")
    pattern = str(get_datetime_format("medium", locale=locale))
    return pattern.replace("'", "").format(time, format_date(local, "medium", locale=locale))


def speak(launch: str = "", person: str = "", *, tenant: str = "") -> None:
    """Say in which language this request is answered; each a language tag (BCP 47), empty if nobody told.

    :param launch: in which the LMS shows itself.
    :param person: the person's own.
    :param tenant: where neither of these nor the browser says one that we speak.
    """
    g.locale, g.person_locale, g.tenant_locale = launch, person, tenant


def _wishes() -> list[str]:
    """What the launch said, then what the browser says, then what the tenant's administrator said."""
    wished = [
        g.get("locale"),
        g.get("person_locale"),
        *request.accept_languages.values(),
        g.get("tenant_locale"),
    ]
    return [str(wish) for wish in wished if wish]


def _time_zone() -> str | None:
    """The zone the launch told us, if it is one that exists."""
    told = g.get("time_zone")
    return str(told) if told and _is_zone(str(told)) else None


def _catalogue() -> NullTranslations:
    """This request's catalogue; asked for by every text on a page, so it is looked up once."""
    found: NullTranslations | None = g.get("catalogue")
    if found is None:
        found = g.catalogue = get_translations()
    return found


@lru_cache(maxsize=256)
def _parsed(tag: str) -> Locale | None:
    try:
        return Locale.parse(tag, sep="-" if "-" in tag else "_")
    except (ValueError, TypeError, UnknownLocaleError):
        return None


@lru_cache(maxsize=256)
def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True

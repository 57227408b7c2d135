"""Languages that questions and people can have, named in the reader's language."""

from collections.abc import Iterable

from babel import Locale, UnknownLocaleError
from flask_babel import get_locale

LANGUAGES = (
    *(
        "ar",
        "bg",
        "ca",
        "cs",
        "da",
        "de",
        "el",
        "en",
        "es",
        "et",
        "fi",
        "fr",
        "he",
        "hr",
        "hu",
        "id",
        "it",
        "ja",
    ),
    *(
        "ko",
        "lt",
        "lv",
        "nb",
        "nl",
        "pl",
        "pt",
        "ro",
        "ru",
        "sk",
        "sl",
        "sr",
        "sv",
        "th",
        "tr",
        "uk",
        "vi",
        "zh",
    ),
)
"""BCP 47 tags of those that can be chosen."""


def language_name(tag: str) -> str:
    """A language in the reader's language; the bare tag if nobody knows its name."""
    try:
        return Locale.parse(tag, sep="-").get_display_name(get_locale() or "en") or tag
    except (UnknownLocaleError, ValueError):
        return tag


def in_words(tags: Iterable[str]) -> str:
    """Languages by name, with commas between."""
    return ", ".join(sorted(map(language_name, tags), key=str.casefold))


def choices() -> list[tuple[str, str]]:
    """Every language with its name, by name."""
    return sorted(((tag, language_name(tag)) for tag in LANGUAGES), key=lambda pair: pair[1].casefold())

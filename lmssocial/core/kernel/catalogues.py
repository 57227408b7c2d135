"""Catalogues of texts in other languages, as translators write them or as they are compiled.

The core's are compiled when it is built. A plugin's author need not compile anything: ``messages.po`` is read as it is,
and ``messages.mo`` beside it only if it is not older.
"""

from io import BytesIO
from pathlib import Path

import structlog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

log = structlog.get_logger(__name__)


def load(folder: Path, locale: str) -> NullTranslations:
    """The catalogue for ``locale`` (``de_AT``), or for its language, in ``folder``; an empty one if there is none.

    One that cannot be read is an empty one too, and a line in the log: a page in English is better than none.
    """
    if not locale.replace("_", "").isalnum():  # it becomes part of a path
        return NullTranslations()
    for name in dict.fromkeys((locale, locale.partition("_")[0])):
        source = folder / name / "LC_MESSAGES" / "messages.po"
        compiled = source.with_suffix(".mo")
        try:
            if compiled.is_file() and not _is_newer(source, compiled):
                return Translations(BytesIO(compiled.read_bytes()))
            if source.is_file():
                return Translations(_compiled(source, name))
        except Exception:  # a translator's slip of any kind
            log.exception("catalogue not readable", file=str(source))
    return NullTranslations()


def _is_newer(source: Path, compiled: Path) -> bool:
    return source.is_file() and source.stat().st_mtime_ns > compiled.stat().st_mtime_ns


def _compiled(source: Path, locale: str) -> BytesIO:
    with source.open("rb") as text:
        catalogue = read_po(text, locale=locale, abort_invalid=True)
    binary = BytesIO()
    write_mo(binary, catalogue)
    binary.seek(0)
    return binary

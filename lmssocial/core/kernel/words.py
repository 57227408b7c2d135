"""Translation without a framework: the domain says its sentences here, the web says in which language.

Outside of a request (worker, command line, tests) sentences stay in English.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Translator = Callable[[str], str]

_translator: ContextVar[Translator | None] = ContextVar("lmssocial_translator", default=None)


def gettext(message: str, **values: object) -> str:
    """``message`` in the reader's language, with ``%(name)s`` places filled from ``values``."""
    translate = _translator.get()
    said = message if translate is None else translate(message)
    return said % values if values else said


def speak(translate: Translator | None) -> None:
    """Translate by ``translate`` from here on in this thread or task; ``None`` goes back to English."""
    _translator.set(translate)


@contextmanager
def speaking(translate: Translator) -> Iterator[None]:
    """Translate by ``translate`` within the block, and as before after it."""
    before = _translator.set(translate)
    try:
        yield
    finally:
        _translator.reset(before)

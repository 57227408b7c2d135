"""Translation without a framework: the domain says its sentences here, the web says in which language.

Outside of a request (worker, command line, tests) sentences stay in English.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Translator = Callable[[str], str]
Counter = Callable[[str, str, int], str]
"""Chooses between the singular, the plural and whatever else a language has."""

_CONTEXT_END = "\x04"
"""What catalogues keep between a context and its text (GNU gettext)."""

_translator: ContextVar[Translator | None] = ContextVar("lmssocial_translator", default=None)
_counter: ContextVar[Counter | None] = ContextVar("lmssocial_counter", default=None)


def gettext(message: str, **values: object) -> str:
    """``message`` in the reader's language, with ``%(name)s`` places filled from ``values``."""
    translate = _translator.get()
    said = message if translate is None else translate(message)
    return said % values if values else said


def pgettext(context: str, message: str, **values: object) -> str:
    """Like :func:`gettext`, for a ``message`` that means what ``context`` says: a word that others use differently.

    :param context: ``msgctxt`` in the catalogues; never shown.
    """
    translate = _translator.get()
    key = context + _CONTEXT_END + message
    said = key if translate is None else translate(key)
    said = message if said == key else said
    return said % values if values else said


def ngettext(one: str, many: str, num: int, **values: object) -> str:
    """``one`` or ``many`` by ``num``, in the reader's language; ``%(num)s`` is ``num``."""
    count = _counter.get()
    said = (one if num == 1 else many) if count is None else count(one, many, num)
    return said % {"num": num, **values}


def speak(translate: Translator | None, count: Counter | None = None) -> None:
    """Translate by ``translate`` and ``count`` from here on in this thread or task; ``None`` goes back to English."""
    _translator.set(translate)
    _counter.set(count)


@contextmanager
def speaking(translate: Translator, count: Counter | None = None) -> Iterator[None]:
    """Translate by ``translate`` and ``count`` within the block, and as before after it."""
    before, counted_before = _translator.set(translate), _counter.set(count)
    try:
        yield
    finally:
        _translator.reset(before)
        _counter.reset(counted_before)

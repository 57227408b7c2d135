"""Taking words out of a text, and putting none in. Pure."""

import re

_WORD = re.compile(r"\w+")


def is_cut(original: str, copy: str) -> bool:
    """Whether a copy says nothing that the original does not say, in its order: words may be missing, none be new.

    Signs between words do not count, so that ``[…]`` can stand where something was taken out.
    """
    left = iter(_words(original))
    return all(word in left for word in _words(copy))


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())

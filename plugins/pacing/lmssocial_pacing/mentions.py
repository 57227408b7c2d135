"""Who is named with an ``@`` in a text."""

import re

from lmssocial.plugin import Span

_NAME = re.compile(r"(?<![\w@./+-])[@＠]\w[\w.-]{0,80}")
"""Not within an address such as ``ana@example.org`` or ``https://example.org/@ana``."""
_FENCE = re.compile(r" {0,3}(?:(```)`*[^`\n]*$|(~~~))")
_CODE = re.compile(r"(?<!\\)`[^`\n]*`")


def mentions(source: str) -> dict[str, Span]:
    """Everybody named in Markdown, once, with the place where they are named first. Code names nobody.

    Where it is not clear what is code, it is taken for none: who hides names in it gains nothing.
    """
    found: dict[str, Span] = {}
    at = 0
    fence = ""
    for line in source.splitlines(keepends=True):
        mark = _FENCE.match(line)
        kind = (mark.group(1) or mark.group(2)) if mark else ""
        if kind and fence in {"", kind}:
            fence = "" if fence else kind
        elif not fence:
            plain = _CODE.sub(lambda code: " " * len(code.group()), line)
            for name in _NAME.finditer(plain):
                known = name.group()[1:].rstrip(".-").casefold()
                found.setdefault(known, Span(at + name.start(), at + name.end()))
        at += len(line)
    return found

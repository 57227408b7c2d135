"""Formulas: TeX to MathML, which browsers draw and screen readers read, without a script or a font of ours."""

import re
from html import escape

from latex2mathml.converter import convert

_ARG = re.compile(r"\\arg(?![A-Za-z])")
"""The one usual operator that the converter does not know."""

MAX_FORMULA = 2_000
"""Characters of TeX above which a formula is shown as it was typed."""

MAX_DEPTH = 60
"""Nested braces above which a formula is shown as it was typed: the converter descends once for each."""


def formula(tex: str, *, block: bool) -> str:
    """``tex`` as MathML; as code, if it is too large or is no TeX that can be understood.

    :param block: whether it stands on lines of its own.
    """
    if len(tex) > MAX_FORMULA or _depth(tex) > MAX_DEPTH:
        return f"<code>{escape(tex)}</code>"
    try:
        return convert(_ARG.sub(r"\\operatorname{arg}", tex), display="block" if block else "inline")
    except Exception:  # noqa: BLE001 – the converter raises whatever its parser stumbles over
        return f"<code>{escape(tex)}</code>"


def _depth(tex: str) -> int:
    deepest = depth = 0
    for position, character in enumerate(tex):
        if character == "{" or tex.startswith((r"\left", r"\begin"), position):
            depth += 1
            deepest = max(deepest, depth)
        elif character == "}" or tex.startswith((r"\right", r"\end"), position):
            depth -= 1
    return deepest

"""The last wall: whatever the renderer made, only these elements, attributes and values leave it.

Nothing here depends on Markdown having been parsed rightly. No element can run, load, submit or style anything, none
can carry an id that the page uses, and every link is harmless to where it comes from.
"""

import re

import nh3

from lmssocial.social.content.highlight import CLASSES

_TEXT = {
    "p",
    "br",
    "hr",
    "h3",
    "h4",
    "h5",
    "h6",
    "blockquote",
    "ul",
    "ol",
    "li",
    "pre",
    "code",
    "em",
    "strong",
    "s",
    "del",
}
_MORE = {"a", "sup", "section", "span", "div", "label", "input", "img"}
_TABLE = {"table", "thead", "tbody", "tr", "th", "td"}
_MATH = {
    "math", "mrow", "mi", "mn", "mo", "ms", "mtext", "mspace", "mfrac", "msqrt", "mroot", "mstyle", "mpadded",
    "mphantom", "menclose", "msub", "msup", "msubsup", "munder", "mover", "munderover", "mmultiscripts", "mprescripts",
    "none", "mtable", "mtr", "mtd",
}  # fmt: skip
_MATH_ATTRIBUTES = {
    "accent", "columnalign", "columnlines", "columnspacing", "depth", "displaystyle", "fence", "form", "height",
    "linethickness", "lspace", "mathvariant", "maxsize", "minsize", "movablelimits", "notation", "rowlines",
    "rowspacing", "rspace", "scriptlevel", "separator", "stretchy", "symmetric", "voffset", "width",
}  # fmt: skip
_AUTO = {"dir": {"auto"}}
_OWN_FILE = re.compile(r"/w/\d{1,10}/files/\d{1,10}", re.ASCII)
_PIXELS = re.compile(r"\d{1,5}", re.ASCII)


def _kept(tag: str, attribute: str, value: str) -> str | None:
    """Pictures are our own files, in sizes that are numbers; a picture from elsewhere would tell who reads here."""
    if tag != "img" or attribute == "alt":
        return value
    wanted = {"src": _OWN_FILE, "width": _PIXELS, "height": _PIXELS}.get(attribute)
    return value if wanted is None or wanted.fullmatch(value) else None


_CLEANER = nh3.Cleaner(
    tags=_TEXT | _MORE | _TABLE | _MATH,
    clean_content_tags={"script", "style", "template", "noscript", "iframe", "object", "svg"},
    attributes={
        "a": {"href", "id"},
        "li": {"id"},
        "input": {"checked", "disabled"},
        "img": {"src", "alt", "width", "height"},
        **{tag: set(_MATH_ATTRIBUTES) for tag in _MATH},
    },
    tag_attribute_values={
        "a": {"target": {"_blank"}, "role": {"doc-noteref", "doc-backlink"}},
        "p": _AUTO,
        "h3": _AUTO,
        "h4": _AUTO,
        "h5": _AUTO,
        "h6": _AUTO,
        "li": _AUTO,
        "td": {**_AUTO, "align": {"left", "right", "center"}},
        "th": {**_AUTO, "align": {"left", "right", "center"}, "scope": {"col"}},
        "ol": {"start": {str(number) for number in range(1000)}},
        "pre": {"dir": {"ltr"}, "tabindex": {"0"}},
        "code": {"dir": {"ltr"}},
        "div": {"tabindex": {"0"}},
        "input": {"type": {"checkbox"}},
        "section": {"role": {"doc-endnotes"}},
        "img": {"loading": {"lazy"}},
        "math": {"display": {"block", "inline"}, "dir": {"ltr", "rtl"}},
    },
    set_tag_attribute_values={"input": {"type": "checkbox", "disabled": ""}},
    allowed_classes={
        "span": set(CLASSES) | {"math", "file-facts", "mention"},
        "div": {"math", "table-frame"},
        "pre": {"highlight"},
        "ul": {"contains-task-list"},
        "ol": {"contains-task-list"},
        "li": {"task-list-item"},
        "sup": {"footnote-ref"},
        "a": {"footnote-backref", "file", "hashtag"},
        "section": {"footnotes"},
    },
    link_rel="nofollow noopener noreferrer ugc",
    url_schemes={"http", "https", "mailto"},
    strip_comments=True,
    attribute_filter=_kept,
)


def sanitise(html: str) -> str:
    """``html`` with everything removed that is not on the list."""
    return _CLEANER.clean(html)

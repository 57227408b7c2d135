"""What must never come out of the renderer, what is most likely to bring it there, and how to tell.

The tests of the renderer and ``make fuzz`` share it.
"""

import re
from html.parser import HTMLParser

from hypothesis import strategies as st

HARMLESS_TAGS = {
    "p", "br", "hr", "h3", "h4", "h5", "h6", "blockquote", "ul", "ol", "li", "pre", "code", "em", "strong", "s",
    "del", "a", "sup", "section", "span", "div", "label", "input", "table", "thead", "tbody", "tr", "th",
    "td", "math", "mrow", "mi", "mn", "mo", "ms", "mtext", "mspace", "mfrac", "msqrt", "mroot", "mstyle",
    "mpadded", "mphantom", "menclose", "msub", "msup", "msubsup", "munder", "mover", "munderover",
    "mmultiscripts", "mprescripts", "none", "mtable", "mtr", "mtd",
}  # fmt: skip
NEVER_ATTRIBUTES = re.compile(
    r"on|style$|src|srcset|form|action|xlink|hx-|data-|background|poster|ping|srcdoc|name$"
)


class Elements(HTMLParser):
    """Every element of a text with its attributes."""

    def __init__(self, html: str) -> None:
        """Read ``html``."""
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note one element."""
        self.found.append((tag, {name: value or "" for name, value in attrs}))


def is_harmless(html: str) -> bool:
    """Whether ``html`` holds nothing but what the sanitiser means to let through."""
    return all(_element_is_harmless(tag, attributes) for tag, attributes in Elements(html).found)


def _element_is_harmless(tag: str, attributes: dict[str, str]) -> bool:
    if tag == "img":
        own = re.fullmatch(r"/w/\d+/files/\d+", attributes.get("src", "/w/1/files/1")) is not None
        return own and attributes.keys() <= {"src", "alt", "width", "height", "loading"}
    href = attributes.get("href", "https://")
    return (
        tag in HARMLESS_TAGS
        and not any(NEVER_ATTRIBUTES.match(name) for name in attributes)
        and re.match(r"(https?://|mailto:|#fn|/[^/\\])", href, re.IGNORECASE) is not None
        and attributes.get("id", "fn").startswith("fn")
        and (tag != "input" or ("disabled" in attributes and attributes["type"] == "checkbox"))
        and (tag != "a" or {"nofollow", "noopener", "noreferrer", "ugc"} <= set(attributes["rel"].split()))
    )


HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<img src=https://tracker.example/x.png>",
    "<img src=/admin/logout>",
    "<img src=/w/1/files/1/../../../admin>",
    "![x](attachment:1/../2)",
    "![x](attachment:1'onerror=alert(1))",
    "[x](attachment:javascript:alert(1))",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<a href='javascript:alert(1)'>x</a>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](java\nscript:alert(1))",
    "[x](\x01javascript:alert(1))",
    "[x](vbscript:x)",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](//evil.example/)",
    "[x](/\\evil.example/)",
    "![x](javascript:alert(1))",
    '![x](https://a.example/"onerror="alert(1))',
    "<javascript:alert(1)>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "$<img src=x onerror=alert(1)>$",
    r"$\text{<script>alert(1)</script>}$",
    r"$\href{javascript:alert(1)}{x}$",
    r"$\class{x}{y}$",
    r"$\style{position:fixed}{x}$",
    "```html\n<script>alert(1)</script>\n```",
    '```"><script>\nx\n```',
    "``` py onload=alert(1)\nx\n```",
    "[^x]: <script>alert(1)</script>\n\n[^x]",
    '[^"><img src=x onerror=alert(1)>]: x\n\n[^"><img src=x onerror=alert(1)>]',
    "- [ ] <input autofocus onfocus=alert(1)>",
    "| <b onmouseover=alert(1)> |\n|-|\n| x |",
    "[x]: https://a.example/ '\"><script>'\n\n[x]",
    "<div hx-get=/admin hx-trigger=load>",
    "<form action=/w/1><button>",
    "<style>*{display:none}</style>",
    "<base href=//evil.example>",
    "<meta http-equiv=refresh content=0>",
    "<x id=content class=composer data-x style=color:red>",
    "<!--<script>-->",
    "<![CDATA[<script>]]>",
    "&lt;script&gt;",
    "\u202egnp.exe",
    "\x00",
]


pieces = st.one_of(
    st.sampled_from(HOSTILE),
    st.sampled_from(
        [
            "# ",
            "> ",
            "- [x] ",
            "1. ",
            "|",
            "$",
            "$$",
            "```",
            "```py\n",
            "[",
            "](",
            ")",
            "[^1]",
            "**",
            "\n",
            " ",
        ]
    ),
    st.text(max_size=12),
)
"""Pieces of texts, hostile and ordinary."""

mixtures = st.lists(pieces, max_size=12).map("".join)
"""Texts in which everything meets everything."""

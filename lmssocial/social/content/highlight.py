"""Code in colours: Pygments gives each word a class, the style sheet gives it a colour in light and dark."""

from functools import lru_cache
from html import escape

from pygments import highlight as pygments_highlight
from pygments.formatters.html import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.token import STANDARD_TYPES

LANGUAGES = frozenset(
    {
        "bash", "c", "console", "cpp", "csharp", "css", "diff", "docker", "go", "haskell", "html",
        "http", "ini", "java", "javascript", "json", "julia", "kotlin", "latex", "lua", "makefile",
        "matlab", "nginx", "objectivec", "perl", "php", "powershell", "python", "pycon", "r", "ruby",
        "rust", "scala", "sql", "swift", "toml", "typescript", "xml", "yaml",
    }
)  # fmt: skip
"""Languages with colours. A closed list: some lexers take quadratic time on hostile text, these were tried."""

OTHER_NAMES = {
    "c#": "csharp",
    "c++": "cpp",
    "cs": "csharp",
    "dockerfile": "docker",
    "js": "javascript",
    "make": "makefile",
    "md": "",
    "ps1": "powershell",
    "py": "python",
    "rb": "ruby",
    "rs": "rust",
    "sh": "bash",
    "shell": "bash",
    "tex": "latex",
    "ts": "typescript",
    "yml": "yaml",
}
"""What else people call them."""

MAX_CODE = 4_000
MAX_LINE = 400
"""Characters of code, and of its longest line, above which it stays without colours; nobody reads such a line."""

CLASSES = frozenset(short for short in STANDARD_TYPES.values() if short)
"""Every class that coloured code may carry."""

_FORMATTER = HtmlFormatter(nowrap=True)


def highlight(code: str, language: str) -> str:
    """``code`` as escaped HTML, with spans for its words if ``language`` is one we know."""
    tame = len(code) <= MAX_CODE and all(len(line) <= MAX_LINE for line in code.splitlines())
    lexer = _lexer(language.strip().lower()[:24]) if tame else None
    return escape(code) if lexer is None else pygments_highlight(code, lexer, _FORMATTER)


@lru_cache(maxsize=128)
def _lexer(language: str) -> Lexer | None:
    name = OTHER_NAMES.get(language, language)
    if name not in LANGUAGES:
        return None
    return get_lexer_by_name(name, stripnl=False, ensurenl=False)

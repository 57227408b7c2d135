"""The rules of the house that no linter knows, each as a function from a module to sentences about its breaches."""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

LONGEST_FILE = 300
LONGEST_FUNCTION = 40


@dataclass(frozen=True)
class Module:
    """A module as text and as a tree."""

    name: str
    """Dotted: ``lmssocial.web.scope``."""
    source: str

    @cached_property
    def tree(self) -> ast.Module:
        """What the parser makes of it."""
        return ast.parse(self.source)

    @property
    def stem(self) -> str:
        """The last part of its name."""
        return self.name.rsplit(".", maxsplit=1)[-1]

    def at(self, node: ast.AST) -> str:
        """Where ``node`` stands."""
        return f"{self.name}:{getattr(node, 'lineno', 0)}"


Rule = Callable[[Module], Iterator[str]]


@cache
def our_modules() -> tuple[Module, ...]:
    """Every module of the package and of the plugins."""
    bases = [ROOT, *(path.parent for path in ROOT.glob("plugins/*/pyproject.toml"))]
    found = []
    for base in bases:
        for path in sorted(base.glob("lmssocial*/**/*.py")):
            parts = path.relative_to(base).with_suffix("").parts
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            found.append(Module(name, path.read_text("utf-8")))
    return tuple(found)


def commits_once(module: Module) -> Iterator[str]:
    """Only the unit of work commits."""
    if module.name == "lmssocial.core.db.unit_of_work":
        return
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Attribute) and node.attr == "commit":
            yield f"{module.at(node)} commits; use unit_of_work"


def imports_at_the_top(module: Module) -> Iterator[str]:
    """No import of ours inside a function: it would hide a wrong direction."""
    for function in _functions(module.tree):
        for node in ast.walk(function):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or "." * node.level]
            else:
                continue
            for name in names:
                if name.startswith(("lmssocial", ".")):
                    yield f"{module.at(node)} imports {name} inside {function.name}()"


def asks_the_clock(module: Module) -> Iterator[str]:
    """Nobody but the clock asks the system for the date."""
    if module.name == "lmssocial.core.kernel.clock":
        return
    for node in ast.walk(module.tree):
        if (
            isinstance(node, ast.Attribute)
            and node.attr in {"now", "utcnow", "today"}
            and ast.unparse(node.value) in {"datetime", "datetime.datetime", "date", "datetime.date"}
        ):
            yield f"{module.at(node)} asks {ast.unparse(node)}; use lmssocial.core.kernel.clock"


def uses_select(module: Module) -> Iterator[str]:
    """No legacy ``query``: statements are built with ``select()``."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Attribute) and node.attr == "query" and _is_model_or_session(node.value):
            yield f"{module.at(node)} uses {ast.unparse(node)}; use select()"


def takes_an_actor(module: Module) -> Iterator[str]:
    """``current_user`` belongs to the request: nobody but ``web.scope`` knows it."""
    if module.name == "lmssocial.web.scope":
        return
    for node in ast.walk(module.tree):
        name = node.id if isinstance(node, ast.Name) else node.name if isinstance(node, ast.alias) else ""
        if name == "current_user":
            yield f"{module.name}:{getattr(node, 'lineno', 0)} knows current_user; take an Actor"


def fits_in_the_head(module: Module) -> Iterator[str]:
    """Files and functions that one can see at once."""
    lines = len(module.source.splitlines())
    if lines > LONGEST_FILE:
        yield f"{module.name} has {lines} lines; {LONGEST_FILE} is the limit"
    for function in (
        () if ".migrations." in module.name else _functions(module.tree)
    ):  # a list of columns is long
        work = _body_lines(function)
        if work > LONGEST_FUNCTION:
            yield f"{module.name}.{function.name}() has {work} lines; {LONGEST_FUNCTION} is the limit"


def asks_access_first(module: Module) -> Iterator[str]:
    """In a service, whoever takes an actor asks ``access`` before anything else."""
    if module.stem != "service":
        return
    for function in module.tree.body:
        if not isinstance(function, ast.FunctionDef) or function.name.startswith("_"):
            continue
        arguments = function.args.posonlyargs + function.args.args + function.args.kwonlyargs
        if "actor" not in {argument.arg for argument in arguments}:
            continue
        first = _first_call(function)
        if not first.startswith("access."):
            yield f"{module.name}.{function.name}() calls {first or 'nothing'} before access"


ALL_RULES: tuple[Rule, ...] = (
    commits_once,
    imports_at_the_top,
    asks_the_clock,
    uses_select,
    takes_an_actor,
    fits_in_the_head,
    asks_access_first,
)


def _functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def _body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """The lines of what it does: without its signature and without its docstring."""
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    return (function.end_lineno or 0) - body[0].lineno + 1 if body else 0


def _first_call(function: ast.FunctionDef) -> str:
    """The callee of the first call that runs: calls are evaluated inside out, statements from the top."""
    for statement in function.body:
        calls = [node for node in ast.walk(statement) if isinstance(node, ast.Call)]
        if calls:
            first = min(calls, key=lambda call: (call.end_lineno or 0, call.end_col_offset or 0))
            return ast.unparse(first.func)
    return ""


def _is_model_or_session(value: ast.expr) -> bool:
    text = ast.unparse(value)
    return text.endswith(("session", "session()")) or text.split(".")[-1][:1].isupper()

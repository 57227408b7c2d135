"""Every command the pages show can be typed: ours are run, in the order of reading; make's targets exist."""

import re
import shlex
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from lmssocial.cli import main
from lmssocial.core.hooks.host import installed
from lmssocial.settings import PREFIX
from tests.docs.markdown import ROOT, Command, code, commands, name, pages

TRIED_ELSEWHERE = {"docs/write-a-policy.md", "docs/import-export.md"}
"""Pages whose commands need what stands between them: ``test_tutorial.py`` and ``test_import_export.py`` do it all."""

ALL = [command for page in pages() for command in commands(page)]
OURS = [
    command
    for command in ALL
    if command.program in {"lmssocial", "lmssocial-admin"} and command.page not in TRIED_ELSEWHERE
]

ANSWERS = "a password of the pages\n" * 2
"""What is typed when a command asks for a password, twice."""

STANDS_FOR = {"CLIENT-ID": "client-1", "DEPLOYMENT-ID": "1"}


def test_there_is_something_to_check() -> None:
    assert len(OURS) > 10


def test_our_commands_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    environment = {f"{PREFIX}DATA_DIR": str(tmp_path), f"{PREFIX}PUBLIC_URL": "https://social.example.edu"}
    failed = []
    for command in sorted(_distinct(OURS), key=_what_comes_first):
        words = [STANDS_FOR.get(word, word) for word in command.words[1:]]
        done = CliRunner().invoke(main, words, input=ANSWERS, env=environment)
        if done.exit_code:
            failed.append(f"{command}\n{done.output}{done.exception}")
    assert not failed, "\n".join(failed)


def _distinct(found: list[Command]) -> list[Command]:
    return list({command.words[1:]: command for command in found}.values())


def _what_comes_first(command: Command) -> int:
    """The database first, then the platforms that later commands name; each page by itself shows them in its order."""
    order = [("db", "upgrade"), ("platforms", "add")]
    start = command.words[1:3]
    return order.index(start) if start in order else len(order)


@pytest.mark.parametrize("page", pages(), ids=name)
def test_commands_named_in_sentences_exist(page: Path) -> None:
    wrong = []
    for text in code(page):
        if re.match(r"lmssocial [a-z]", text):
            try:
                _resolve(shlex.split(text)[1:])
            except (LookupError, ValueError) as error:
                wrong.append(f"{text}: {error}")
    assert not wrong


def _resolve(words: list[str]) -> None:
    """Find the command that ``words`` name, and each of its options.

    :raises LookupError: if there is none.
    """
    command: click.Command = main
    while isinstance(command, click.Group) and words and re.fullmatch(r"[a-z]+", words[0]):
        name = words.pop(0)
        command = command.commands[name] if name in command.commands else _of_plugin(name)
    known = {option for parameter in command.params for option in parameter.opts}
    unknown = [word for word in words if word.startswith("--") and word not in known]
    if unknown:
        raise LookupError(f"no option {', '.join(unknown)}")


def _of_plugin(name: str) -> click.Group:
    """The commands that an installed plugin brings along.

    :raises LookupError: if there is no plugin of this name, or it brings none.
    """
    modules = {point.name: point.load() for point in installed() if point.name == name}
    offered: list[click.Command] = getattr(modules[name], "lmssocial_register_commands", list)()
    if not offered:
        raise LookupError(f"{name} has no commands")
    return click.Group(name, {str(one.name): one for one in offered})


def test_targets_of_make_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = {
        (command.page, word)
        for command in ALL
        if command.program == "make"
        for word in command.words[1:]
        if "=" not in word
    }
    named |= {
        (name(page), text.split()[1])
        for page in pages()
        for text in code(page)
        if re.fullmatch(r"make [a-z]+", text)
    }
    assert [(page, word) for page, word in sorted(named) if word not in targets] == []


def test_files_that_commands_use_exist() -> None:
    used = {
        (command.page, word)
        for command in ALL
        for word in command.words[1:]
        if re.match(r"(?:deploy|scripts|plugins)/", word)
    }
    made = {"deploy/.env"}
    assert [(page, word) for page, word in used if word not in made and not (ROOT / word).exists()] == []

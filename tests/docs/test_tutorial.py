"""The tutorial is done as it stands: files are written, commands run, and what it says they print is printed."""

import importlib
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner
from markdown_it import MarkdownIt
from sqlalchemy.orm import Session

from lmssocial.cli import main
from lmssocial.core.db import make_engine, unit_of_work
from lmssocial.core.hooks import Ruling, Stance
from lmssocial.core.hooks.host import PluginHost
from lmssocial.settings import PREFIX
from lmssocial.social.communities.models import Tier
from lmssocial.social.plugin_settings import service
from lmssocial.testing import submission
from lmssocial.widgets.discussion.drafts import ThreadDraft
from lmssocial.widgets.discussion.service import post_thread
from tests.docs.markdown import ROOT
from tests.support.discussion import let_pass
from tests.support.people import make_person, make_place

PAGE = ROOT / "docs" / "write-a-policy.md"
LOUD = "WHY DOES NOBODY EVER ANSWER ME"


@dataclass
class Reader:
    """Somebody who does what the page says, in a folder of their own, with no network."""

    folder: Path

    @property
    def site(self) -> Path:
        """Where they install plugins."""
        return self.folder / "site"

    def run(self, line: str) -> str:
        """Type a command; gives what it prints. Ours run in this process: starting one for each takes a minute."""
        words = shlex.split(line)
        if words[:1] in (["."], ["export"]) or words == ["lmssocial", "reload"]:
            return ""  # a shell's own, and what needs a running server
        if words[0] == "lmssocial":
            importlib.invalidate_caches()
            result = CliRunner().invoke(main, words[1:])
            assert result.exit_code == 0, f"{line}\n{result.output}\n{result.exception!r}"
            return result.output
        done = subprocess.run(
            self.meant(words), capture_output=True, text=True, timeout=120, check=False, cwd=self.folder
        )
        assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
        return done.stdout + done.stderr

    def meant(self, words: list[str]) -> list[str]:
        """The same command here: with this Python, and without a network."""
        if words[0] == "python":
            return [sys.executable, *words[1:], "-p", "no:cacheprovider", "-p", "no:randomly"]
        uv = shutil.which("uv", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
        assert uv, "uv is missing; scripts/setup.sh installs it"
        offline = ["--offline", "--no-cache", "--no-deps"] if words[1] == "install" else []
        wanted = [word for word in words[2:] if word != "--yes"]
        return [
            uv,
            "pip",
            words[1],
            *offline,
            "--python",
            sys.executable,
            "--target",
            str(self.site),
            *wanted,
        ]

    def write(self, path: str, text: str) -> None:
        """Put ``text`` into a file that the page names."""
        file = self.folder / path
        assert file.parent.is_dir(), f"the page writes into {file.parent.name}, which is not there"
        file.write_text(text, "utf-8")


@pytest.fixture
def reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Reader]:
    """A reader with an installation in which three posts were written, one of them loud."""
    found = Reader(tmp_path)
    found.site.mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(found.site))
    monkeypatch.setenv("PYTHONPATH", f"{found.site}:{ROOT}")
    monkeypatch.setenv(f"{PREFIX}DATA_DIR", str(tmp_path / "data"))
    found.run("lmssocial db upgrade")
    engine = make_engine(f"sqlite:///{tmp_path / 'data' / 'lmssocial.sqlite3'}")
    with Session(engine) as session, unit_of_work(session):
        place = make_place(session)
        place.community.tier = Tier.REVIEWED
        ana = make_person(session, place, "Ana")
        for words in ("Hello all.", LOUD, "I wrote HTML and CSS."):
            draft = ThreadDraft(placement_id=place.placement.id, title="Words", source=words)
            post_thread(session, let_pass, ana, draft)
    engine.dispose()
    yield found
    for name in [name for name in sys.modules if name.startswith("lmssocial_shouting")]:
        del sys.modules[name]


def test_the_tutorial_works_as_it_stands(reader: Reader) -> None:
    sentences, files, ran = "", 0, []
    for token in MarkdownIt("commonmark").parse(PAGE.read_text("utf-8")):
        if token.type == "inline":
            sentences = token.content
        elif token.type == "fence" and token.info in {"python", "po", "json"}:
            named = re.findall(r"`([\w./-]+\.(?:py|po|json))`:$", sentences)
            assert named, f"the page does not say where this goes: {token.content[:60]}"
            reader.write(named[0], token.content)
            files += 1
        elif token.type == "fence" and token.info == "console":
            for command, expected in _typed(token.content):
                printed = reader.run(command)
                for line in expected:
                    assert _without_figures(line) in _without_figures(printed), f"{command}\n{printed}"
                if "--stance enforce" in command:
                    _is_enforced(reader)
                ran.append(command)
        elif token.type == "fence":
            assert token.content in (reader.folder / "lmssocial-shouting" / "pyproject.toml").read_text(
                "utf-8"
            )
    assert files == 5
    assert sum(command.startswith("lmssocial plugins") for command in ran) >= 9
    assert list(reader.site.glob("lmssocial_shouting*")) == []


def _typed(block: str) -> list[tuple[str, list[str]]]:
    """Each command of a block with the lines that the page says it prints."""
    found: list[tuple[str, list[str]]] = []
    for line in block.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        else:
            found[-1][1].append(line)
    return found


def _without_figures(text: str) -> str:
    """Figures and the width of columns are another installation's."""
    return " ".join(re.sub(r"\d+", "0", text).split())


def _is_enforced(reader: Reader) -> None:
    """At this point of the page a loud post is held in the reader's community, and an ordinary one is not."""
    host = PluginHost.load(only=("shouting",))
    engine = make_engine(f"sqlite:///{reader.folder / 'data' / 'lmssocial.sqlite3'}")
    with Session(engine) as session:
        reach = service.reach(session, host, tenant_id=1, course_id=1)
    engine.dispose()
    assert reach.stance("shouting") is Stance.ENFORCE
    assert reach.settings("shouting").percent == 60
    [answer] = host.ask("lmssocial_screen_submission", reach, submission=submission(text=LOUD))
    assert answer.value.ruling is Ruling.HOLD
    assert not list(host.ask("lmssocial_screen_submission", reach, submission=submission(text="Hello all.")))

"""Policies in files, and runners that ask them."""

import os
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from lmssocial.core.hooks import Answer, PluginHost, Reach, Submission, Verdict
from lmssocial.core.hooks.host import installed
from lmssocial.core.hooks.runner import IsolatedRunner, Runner
from tests.support.plugins import Site

Make = Callable[..., IsolatedRunner]
"""Makes a runner for everything installed in a site."""

HOOK = "lmssocial_screen_submission"
BUDGET, SHARE = 4.0, 0.4
"""Seconds for all policies together and for each: enough for sound ones on a busy machine."""
HELD = 6.0
"""Seconds after which a submission was surely held longer than the budget, even there."""


def policy(body: str, top: str = "") -> str:
    """A module with a policy whose lines are ``body``, after the lines ``top``."""
    lines = "\n".join(f"    {line}" for line in body.strip("\n").splitlines())
    return f"import os, re, signal, sys, time\n{top}\n@hookimpl\ndef {HOOK}(submission, settings):\n{lines}\n"


def says(what: str) -> str:
    """The body of a policy whose message is the value of the expression ``what``."""
    return f"return Verdict(ruling=Ruling.HOLD, reason='said', message=str({what}))"


def host_of(site: Site) -> PluginHost:
    """A host with everything installed in the site, and nothing else."""
    host = PluginHost()
    for point in installed():
        if point.module in site.modules:
            host.load_entry_point(point)
    return host


def runner_of(site: Site, **more: Any) -> IsolatedRunner:
    """A runner for everything installed in the site."""
    options: dict[str, Any] = {"budget": timedelta(seconds=BUDGET), "share": timedelta(seconds=SHARE)}
    return IsolatedRunner(host_of(site), **options | more)


def ask(runner: Runner, submission: Submission, *names: str, **settings: object) -> dict[str, Answer]:
    """What each of ``names`` answered."""
    reach = Reach(frozenset(names), settings)
    answers = runner.ask(HOOK, reach, names, {"submission": submission})
    assert [answer.plugin for answer in answers] == sorted(answer.plugin for answer in answers)
    return {answer.plugin: answer for answer in answers}


def message(answer: Answer) -> str:
    """What a policy said."""
    assert isinstance(answer.value, Verdict), answer.error
    return answer.value.message


def gone(pid: int) -> bool:
    """Whether a process has ended within two seconds."""
    for _ in range(200):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        if Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()[0] == "Z":
            return True
        time.sleep(0.01)
    return False

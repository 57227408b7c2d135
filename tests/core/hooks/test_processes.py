"""The policies' process and its end, whoever causes it."""

import os
import re
import signal
import subprocess
import sys

from lmssocial.core.hooks import Submission
from lmssocial.core.hooks.turn import NotAsked
from tests.support.plugins import Site
from tests.support.policies import Make, ask, gone, message, policy, runner_of, says


def test_another_process_is_started_when_the_first_is_lost(
    site: Site, make: Make, submission: Submission
) -> None:
    site.install("one", policy(says("os.getpid()")))
    runner = make()
    worker = int(message(ask(runner, submission, "one")["one"]))
    os.kill(worker, signal.SIGKILL)
    assert gone(worker)
    ask(runner, submission, "one")  # may find out that the worker is gone
    assert int(message(ask(runner, submission, "one")["one"])) != worker

    keeper = runner.pid
    assert keeper is not None
    os.killpg(keeper, signal.SIGKILL)
    assert gone(keeper)
    assert isinstance(ask(runner, submission, "one")["one"].error, NotAsked)
    assert message(ask(runner, submission, "one")["one"])
    assert runner.pid != keeper


def test_closing_ends_both_processes_and_asking_starts_them_again(
    site: Site, make: Make, submission: Submission
) -> None:
    site.install("one", policy(says("os.getpid()")))
    runner = make()
    worker = int(message(ask(runner, submission, "one")["one"]))
    keeper = runner.pid
    runner.close()

    assert keeper is not None
    assert gone(keeper)
    assert gone(worker)
    assert message(ask(runner, submission, "one")["one"])


def test_a_runner_that_nobody_holds_any_more_ends_its_process(site: Site, submission: Submission) -> None:
    site.install("one", policy(says("os.getpid()")))
    runner = runner_of(site)
    worker = int(message(ask(runner, submission, "one")["one"]))
    del runner

    assert gone(worker)


ORPHANS = """
import sys
from lmssocial.core.hooks import PluginHost, Reach, Submission
from lmssocial.core.hooks.host import installed
from lmssocial.core.hooks.runner import IsolatedRunner
host = PluginHost()
for point in installed():
    if point.name == "blocking":
        host.load_entry_point(point)
runner = IsolatedRunner(host)
submission = Submission(kind="", tenant_id=1, community_id=1, author_id=1, author_role="", title="", source="", text="")
runner.ask("lmssocial_screen_submission", Reach(frozenset({"blocking"})), ["blocking"], {"submission": submission})
"""


def test_nothing_is_left_when_the_web_process_is_killed_while_a_policy_hangs(site: Site) -> None:
    body = "signal.pthread_sigmask(signal.SIG_BLOCK, {14}); print('pids', os.getppid(), os.getpid(), flush=True)\n"
    site.install("blocking", policy(body + "while True: pass"))
    web = subprocess.Popen([sys.executable, "-c", ORPHANS], stderr=subprocess.PIPE, text=True)
    assert web.stderr is not None
    with web.stderr:
        said = next(found for line in web.stderr if (found := re.match(r"pids (\d+) (\d+)", line)))
        web.kill()
        web.wait()

        assert gone(int(said[1]))
        assert gone(int(said[2]))

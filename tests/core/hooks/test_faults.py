"""Policies that fail: which one is named, who is asked all the same, and how long that takes."""

import threading
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest

from lmssocial.core.hooks import Answer, Submission
from lmssocial.core.hooks.runner import IsolatedRunner
from lmssocial.core.hooks.turn import NotAsked
from tests.support.plugins import Site, open_site
from tests.support.policies import BUDGET, HELD, SHARE, Make, ask, gone, message, policy, runner_of, says

FAULTS = {
    "raises": ("raise ValueError('cannot make up its mind')", "ValueError: cannot make up its mind"),
    "raises an error that cannot be told": ("raise Odd", "Odd"),
    "leaves": ("sys.exit(3)", "SystemExit: 3"),
    "imports something missing": ("import a_library_nobody_has", "ModuleNotFoundError: No module named"),
    "recurses": ("def deeper(): return deeper()\nreturn deeper()", "RecursionError"),
    "returns a word": ("return 'hold'", "It returned a str instead of a Verdict."),
    "marks what is not there": (
        "return Verdict(ruling=Ruling.HOLD, reason='x', message='', spans=(Span(5, 500),))",
        "A span of its verdict, 5 to 500, is no part of the source",
    ),
    "says ten megabytes": (says("'x' * 10_000_000"), "has 10,000,000 characters"),
    "hangs in Python": ("while True: pass", "It did not answer within 400 ms."),
    "sleeps": ("time.sleep(60)", "It did not answer within 400 ms."),
    "catches every Exception and goes on": (
        "while True:\n    try: time.sleep(0.01)\n    except Exception: pass",
        "It did not answer within 400 ms.",
    ),
    "lets a regular expression explode": (
        "re.match('(a+)+$', 'a' * 40 + 'b')",
        "It did not answer within 400 ms.",
    ),
    "catches even the interruption": (
        "while True:\n    try: time.sleep(0.01)\n    except BaseException: pass",
        "could not be interrupted, so its process was ended",
    ),
    "blocks the interruption": (
        "signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})\nwhile True: pass",
        "could not be interrupted, so its process was ended",
    ),
    "ends the process": ("os._exit(7)", "It ended its process with exit status 7."),
    "crashes in C": ("import ctypes; ctypes.string_at(0)", "Its process was ended by SIGSEGV."),
    "eats memory": (
        "return [bytes(1 << 28) for _ in range(9)]",
        "It needed more memory than a policy may have.",
    ),
}


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[IsolatedRunner]:
    """One runner for two sound policies and every one that fails; it outlives all of them.

    It has time for what comes after a failure, and grace enough that only what cannot be interrupted is killed, however
    busy the machine is.
    """
    top = (
        "from lmssocial.core.hooks import Span\n"
        "class Odd(Exception):\n    def __str__(self): raise KeyError('odd')"
    )
    with pytest.MonkeyPatch.context() as patch:
        site = open_site(tmp_path_factory.mktemp("faulty") / "site", patch)
        for name in ("alpha", "omega"):
            site.install(name, policy(says(f"'{name}'")))
        for fault, (body, _) in FAULTS.items():
            site.install(plugin_of(fault), policy(body, top))
        patch.setattr("lmssocial.core.hooks.turn.GRACE", 1.0)
        runner = runner_of(site, budget=timedelta(seconds=2 * BUDGET))
        runner.start()
        yield runner
        runner.close()
        site.forget()


def plugin_of(fault: str) -> str:
    """The name of the plugin that has a fault."""
    return f"fault{list(FAULTS).index(fault)}"


@pytest.mark.parametrize("fault", FAULTS)
def test_a_policy_that_fails_is_named_and_the_others_are_asked(
    faulty: IsolatedRunner, submission: Submission, fault: str
) -> None:
    name, reason = plugin_of(fault), FAULTS[fault][1]
    begun = time.monotonic()
    answers = ask(faulty, submission, "alpha", name, "omega")
    held = time.monotonic() - begun

    assert reason in str(answers[name].error)
    assert not isinstance(answers[name].error, NotAsked)
    assert (message(answers["alpha"]), message(answers["omega"])) == ("alpha", "omega")
    assert held < HELD
    assert message(ask(faulty, submission, "alpha")["alpha"]) == "alpha"


def test_an_error_comes_with_its_traceback(site: Site, make: Make, submission: Submission) -> None:
    site.install("failing", policy("raise ValueError('no')"))
    error = ask(make(), submission, "failing")["failing"].error

    assert "lmssocial_failing_of_tests.py" in error.details  # type: ignore[union-attr]


def test_after_a_policy_that_hung_nothing_is_asked_in_the_same_process(
    site: Site, make: Make, submission: Submission
) -> None:
    site.install("alpha", policy(says("os.getpid()")))
    site.install("raising", policy("raise ValueError"))
    site.install("sleeping", policy("time.sleep(60)"))
    site.install("zulu", policy(says("os.getpid()")))
    runner = make()
    calm = ask(runner, submission, "alpha", "raising", "zulu")
    answers = ask(runner, submission, "alpha", "sleeping", "zulu")

    assert message(calm["alpha"]) == message(calm["zulu"]) == message(answers["alpha"])
    assert message(answers["zulu"]) != message(answers["alpha"])
    assert gone(int(message(answers["alpha"])))


def test_one_that_ends_the_keeper_too_is_named_and_the_next_submission_is_judged(
    site: Site, make: Make, submission: Submission
) -> None:
    site.install("fatal", policy("os.killpg(0, signal.SIGKILL)"))
    site.install("sound", policy(says("'sound'")))
    runner = make()
    answers = ask(runner, submission, "fatal", "sound")

    assert str(answers["fatal"].error) == "While it was asked, its process was lost. It has ended."
    assert isinstance(answers["sound"].error, NotAsked)
    assert not isinstance(answers["fatal"].error, NotAsked)
    assert message(ask(runner, submission, "sound")["sound"]) == "sound"


def test_many_that_hang_share_one_budget_and_who_had_no_time_is_not_blamed(
    site: Site, make: Make, submission: Submission
) -> None:
    names = [f"hanging{number}" for number in range(9)]
    for name in names:
        site.install(name, policy("time.sleep(60)"))
    budget = 1.5
    runner = make(budget=timedelta(seconds=budget))
    runner.start()
    begun = time.monotonic()
    answers = ask(runner, submission, *names)
    held = time.monotonic() - begun
    blamed = [name for name in names if not isinstance(answers[name].error, NotAsked)]

    assert answers.keys() == set(names)
    assert 1 <= len(blamed) <= budget / SHARE
    assert held < HELD - BUDGET + budget


def test_two_submissions_at_once_wait_for_each_other_no_longer_than_the_budget(
    site: Site, make: Make, submission: Submission
) -> None:
    site.install("blocking", policy("signal.pthread_sigmask(signal.SIG_BLOCK, {14})\nwhile True: pass"))
    site.install("sound", policy(says("'sound'")))
    runner = make()
    runner.start()
    found: dict[str, tuple[float, Answer]] = {}

    def post(name: str) -> None:
        begun = time.monotonic()
        answer = ask(runner, submission, name)[name]
        found[name] = (time.monotonic() - begun, answer)

    threads = [threading.Thread(target=post, args=(name,)) for name in ("blocking", "sound")]
    for thread in threads:
        thread.start()
        time.sleep(0.02)
    for thread in threads:
        thread.join()

    assert max(held for held, _ in found.values()) < HELD
    assert "could not be interrupted" in str(found["blocking"][1].error)
    assert message(found["sound"][1]) == "sound"


def test_who_waits_longer_than_the_budget_is_told_so(site: Site, make: Make, submission: Submission) -> None:
    site.install("sound", policy(says("'sound'")))
    runner = make(budget=timedelta(milliseconds=100))
    runner.start()
    with runner._lock:
        answers = ask(runner, submission, "sound")

    assert isinstance(answers["sound"].error, NotAsked)
    assert message(ask(runner, submission, "sound")["sound"]) == "sound"


def test_what_a_policy_writes_into_the_channel_harms_only_itself(
    site: Site, make: Make, submission: Submission
) -> None:
    body = """
for number in range(3, 30):
    try: os.write(number, {junk})
    except OSError: pass
return None
"""
    site.install("scribbling", policy(body.format(junk='b\'half a line {"said": "sound"\'')))
    site.install("forging", policy(body.format(junk='b\'\\n{"said": "forging", "verdict": 3}\\n\'')))
    site.install("flooding", policy(body.format(junk="b'{}\\n' * 5000")))
    site.install("sound", policy(says("'sound'")))
    runner = make()

    for name in ("scribbling", "forging", "flooding"):
        answers = ask(runner, submission, name, "sound")
        assert name not in answers or answers[name].error
        assert message(answers["sound"]) == "sound"

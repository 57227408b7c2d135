"""The worker: asks policies in its main thread, each under a timer that interrupts it.

What the timer cannot interrupt (signals blocked, a long call in C) is ended from outside by
:mod:`lmssocial.core.hooks.turn`, which therefore hears before each policy which one begins.
"""

import pickle
import resource
import socket
import time
import traceback
from contextlib import suppress
from pathlib import Path
from typing import Any

from lmssocial.core.hooks.host import PluginHost
from lmssocial.core.hooks.judging import judge
from lmssocial.core.hooks.patience import OutOfTime, within
from lmssocial.core.hooks.types import Verdict
from lmssocial.core.hooks.verdicts import Nonsense, to_wire
from lmssocial.core.hooks.wire import LEAST, Job, line, receive_job

LONGEST_ERROR = 500
LONGEST_DETAILS = 8_000
"""Characters of an error and of its traceback that are told."""


def work(host: PluginHost, channel: socket.socket, memory: int) -> None:
    """Do one job after the other until there are none."""
    _limit(memory)
    while (job := receive_job(channel)) is not None:
        _do(host, channel, job)


def _limit(memory: int) -> None:
    """Let this process grow by ``memory`` bytes and leave no core dump, where the system can."""
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(OSError, ValueError):
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
        most = pages * resource.getpagesize() + memory
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _do(host: PluginHost, channel: socket.socket, job: Job) -> None:
    """Ask every policy of ``job`` there is time for.

    After one that ran out of time or memory nothing more is asked in this process: who knows what was left half done.
    """
    end = time.monotonic() + job.total
    facts = pickle.loads(job.facts)  # noqa: S301 – from the process that started us
    waiting = b""
    for name in job.names:
        left = end - time.monotonic()
        if left < LEAST:
            break
        channel.sendall(waiting + line(begin=name))
        told = _answer(host, job, name, facts, min(job.each, left))
        waiting = line(said=name, **told)
        if "spent" in told:
            channel.sendall(waiting)
            return
    channel.sendall(waiting + line(done=True))


def _answer(host: PluginHost, job: Job, name: str, facts: dict[str, Any], seconds: float) -> dict[str, Any]:
    """What there is to tell of one policy: ``verdict``, ``error``, or in what it was ``spent``."""
    try:
        verdict = _in_time(host, job, name, facts, seconds)
    except OutOfTime:
        return {"spent": "time", "whole": seconds >= job.each}
    except MemoryError:
        return {"spent": "memory"}
    except BaseException as error:  # noqa: BLE001 – even one that wants to end the process
        return {"error": _short(error), "details": _details(error)}
    return {"verdict": None if verdict is None else to_wire(verdict)}


def _in_time(host: PluginHost, job: Job, name: str, facts: dict[str, Any], seconds: float) -> Verdict | None:
    with within(seconds):
        return judge(host, job.hook, name, facts, _settings(host, name, job.settings[name]), job.locale)


def _settings(host: PluginHost, name: str, data: bytes | None) -> Any:
    kind = host.manifests[name].settings
    if data is None or kind is None:
        return None
    return kind(**pickle.loads(data))  # noqa: S301 – from the process that started us


def _short(error: BaseException) -> str:
    """One line that says what was raised."""
    try:
        text = str(error)
    except Exception:  # noqa: BLE001 – it is the plugin's own class
        text = ""
    kind = "" if isinstance(error, Nonsense) else type(error).__name__
    return f"{kind}: {text}".strip(": ").partition("\n")[0][:LONGEST_ERROR]


def _details(error: BaseException) -> str:
    with suppress(Exception):
        return "".join(traceback.format_exception(error))[-LONGEST_DETAILS:]
    return ""

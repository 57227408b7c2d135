"""Several people writing at once until somebody pulls the plug."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import httpx

Write = Callable[[str], bool]
"""Publishes one text; true when the server has acknowledged it. Raises a transport error once the server is gone."""


@dataclass
class Burst:
    """What was acknowledged, and whether the plug was pulled in the middle of it."""

    acknowledged: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    """Texts the server answered without acknowledging them."""
    interrupted: int = 0
    """How many writers were in the middle of a request."""

    def missing(self, found: Sequence[str]) -> list[str]:
        """Acknowledged texts that are not among ``found``."""
        return sorted(set(self.acknowledged) - set(found))


def burst(writers: Sequence[Write], pull_the_plug: Callable[[], None], *, after: int) -> Burst:
    """Let all ``writers`` write, and pull the plug once ``after`` texts have been acknowledged."""
    result, turn, enough = Burst(), threading.Lock(), threading.Event()

    def keep_writing(number: int, write: Write) -> None:
        for count in range(10_000):
            text = f"text-{number}-{count}"
            try:
                acknowledged = write(text)
            except httpx.TransportError:
                with turn:
                    result.interrupted += 1
                return
            with turn:
                (result.acknowledged if acknowledged else result.refused).append(text)
                if len(result.acknowledged) >= after or result.refused:
                    enough.set()

    threads = [
        threading.Thread(target=keep_writing, args=(number, write)) for number, write in enumerate(writers)
    ]
    for thread in threads:
        thread.start()
    enough.wait(timeout=60)
    pull_the_plug()
    for thread in threads:
        thread.join(timeout=60)
    return result

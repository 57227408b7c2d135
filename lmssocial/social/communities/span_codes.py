"""The codes with which courses join a community across courses: made, read as people type them, and not guessed.

Twelve letters of thirty-one are 59 bits. The limit on wrong ones is there for whoever types at random, and counts in
each process for itself; to find a code by trying would take more than the age of any community all the same.
"""

import math
import secrets
from collections import deque
from datetime import datetime, timedelta
from threading import Lock

from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import Invalid
from lmssocial.core.kernel.secrets import token_hash
from lmssocial.core.kernel.words import ngettext

LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ".replace("L", "")
"""None that looks like another: no 0 and O, no 1, I and L."""
LENGTH, GROUP = 12, 4
"""Letters of a code, and how many stand together."""
MOST_WRONG = 10
"""Wrong codes that somebody may enter within :data:`WITHIN`."""
WITHIN = timedelta(minutes=15)
AT_MOST = 10_000
"""People who are remembered; more than that at once would be no people."""


def new_code() -> str:
    """A fresh code, as it is shown once: ``7KQM-2XHT-PW9D``."""
    letters = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
    return "-".join(letters[at : at + GROUP] for at in range(0, LENGTH, GROUP))


def hash_of(code: str) -> str:
    """How a code is kept, however it was typed: in small letters, with spaces, without hyphens."""
    return token_hash("span:" + "".join(letter for letter in code.upper() if letter.isalnum()))


class WrongCodes:
    """Who entered wrong codes lately."""

    def __init__(self) -> None:
        """Nobody has."""
        self._lock = Lock()
        self._by_person: dict[int, deque[datetime]] = {}

    def require_few(self, user_id: int) -> None:
        """Go on only for whoever did not enter too many.

        :raises Invalid: if they did, with how long they wait.
        """
        now = clock.now()
        with self._lock:
            lately = self._lately(user_id, now)
            if len(lately) < MOST_WRONG:
                return
            left = lately[0] + WITHIN - now
        minutes = max(1, math.ceil(left / timedelta(minutes=1)))
        raise Invalid(
            ngettext(
                "You entered many codes that were wrong. Wait %(num)d minute, then try again.",
                "You entered many codes that were wrong. Wait %(num)d minutes, then try again.",
                minutes,
            )
        )

    def note(self, user_id: int) -> None:
        """Remember that somebody entered a wrong one."""
        with self._lock:
            if len(self._by_person) >= AT_MOST:
                self._by_person.clear()
            self._lately(user_id, clock.now()).append(clock.now())

    def _lately(self, user_id: int, now: datetime) -> deque[datetime]:
        times = self._by_person.setdefault(user_id, deque())
        while times and times[0] <= now - WITHIN:
            times.popleft()
        return times


WRONG_CODES = WrongCodes()
"""Those of this process."""

"""A worker that moves peer ratings until it is killed: ``python moves_activities.py DATABASE``.

It says on its output when it is in the middle of a release, and takes its time there.
"""

import sys
import time
from datetime import timedelta

from sqlalchemy.orm import sessionmaker

from lmssocial.core.db import make_engine
from lmssocial.widgets.peer_rating.allocating.builtin import ALLOCATORS
from lmssocial.widgets.peer_rating.clockwork import tick
from lmssocial.widgets.peer_rating.releasing import grades
from lmssocial.widgets.peer_rating.scoring.catalogue import SCORINGS

if __name__ == "__main__":
    send, tick.SOONEST = grades.send, timedelta(0)

    def slow_send(*args: object) -> int:
        """Half of the release is written, and nothing committed."""
        print("releasing", flush=True)  # noqa: T201
        time.sleep(0.2)
        sent: int = send(*args)  # type: ignore[arg-type]
        return sent

    grades.send = slow_send  # type: ignore[assignment]
    sessions = sessionmaker(make_engine(sys.argv[1]))
    allocators = {one.name: one for one in ALLOCATORS}
    scorings = {one.name: one for one in SCORINGS}
    while True:
        tick.run_due(sessions, allocators, scorings)
        time.sleep(0.05)

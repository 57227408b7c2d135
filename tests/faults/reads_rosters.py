"""A worker that reads rosters until it is killed: ``python reads_rosters.py DATABASE``. A claim lasts a second."""

import sys
import time
from datetime import timedelta

from sqlalchemy.orm import sessionmaker

from lmssocial.core.db import make_engine
from lmssocial.lms.roster import claiming, runs
from lmssocial.social.communities.lms_groups import HOOKS
from tests.support.rosters import caller_of

if __name__ == "__main__":
    claiming.CLAIM = timedelta(seconds=1)
    sessions = sessionmaker(make_engine(sys.argv[1]))
    caller = caller_of(sessions)
    while True:
        runs.read_due(sessions, caller, HOOKS)
        time.sleep(0.05)

"""A worker that sends grades until it is killed: ``python sends_grades.py DATABASE``. Claims run out after a second."""

import sys
import time
from datetime import timedelta

from sqlalchemy.orm import sessionmaker

from lmssocial.core.db import make_engine
from lmssocial.social.gradebook import claiming, sending
from tests.support.grades import caller_of

if __name__ == "__main__":
    claiming.CLAIM = timedelta(seconds=1)
    sessions = sessionmaker(make_engine(sys.argv[1]))
    caller = caller_of(sessions)
    while True:
        sending.send_due(sessions, caller)
        time.sleep(0.05)

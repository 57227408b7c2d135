"""Work that is not done while somebody waits. The log is the truth; losing this queue loses nothing."""

from lmssocial.core.jobs.huey_adapter import HueyJobs
from lmssocial.core.jobs.port import Jobs

__all__ = ["HueyJobs", "Jobs"]

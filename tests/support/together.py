"""Which tests run one after the other in one process, because what they need takes long to make.

xdist has a mark for that, ``xdist_group``. With pytest 9.2 it changes nothing: it hangs the group's name on an id that
nobody reads any more.
"""

import re

from xdist.scheduler.loadscope import LoadScopeScheduling

TOGETHER = {
    "demo": re.compile(r"tests/browser/test_(demo|\w+_in_the_demo)\.py"),
    "wheel": re.compile(r"tests/wheel/"),
    "openedx": re.compile(r"tests/platforms/test_openedx\.py"),
    "chdb": re.compile(r"tests/reporting/test_(clickhouse\.py|store\.py::\w+\[.*clickhouse)"),
}
"""Ids of tests by what they share."""


class Together(LoadScopeScheduling):  # type: ignore[misc]  # xdist tells its types to nobody
    """Every test goes to whoever is free, and those of a group to one process, which begins with them."""

    def _split_scope(self, nodeid: str) -> str:
        return next((group for group, those in TOGETHER.items() if those.match(nodeid)), nodeid)

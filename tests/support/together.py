"""Which tests run one after the other in one process, because what they need takes long to make.

xdist has a mark for that, ``xdist_group``. With pytest 9.2 it changes nothing: it hangs the group's name on an id that
nobody reads any more.
"""

import re

from xdist.scheduler.loadscope import LoadScopeScheduling
from xdist.workermanage import WorkerController

TOGETHER = {
    "demo": re.compile(r"tests/browser/test_(demo|\w+_in_the_demo)\.py"),
    "wheel": re.compile(r"tests/wheel/"),
    "openedx": re.compile(r"tests/platforms/test_openedx\.py"),
    "chdb": re.compile(
        r"tests/reporting/(clickhouse/|test_clickhouse\.py|test_store\.py::\w+\[.*clickhouse)"
    ),
}
"""Ids of tests by what they share."""


class Together(LoadScopeScheduling):  # type: ignore[misc]  # xdist tells its types to nobody
    """Every test goes to whoever is free, and those of a group to one process, which begins with them."""

    def schedule(self) -> None:
        """Give out work: two tests at least, as a process begins one when it knows the next.

        A process that takes another's place would get one, and wait for ever.
        """
        super().schedule()
        for node in self.nodes:
            self._reschedule(node)

    def remove_node(self, node: WorkerController) -> str | None:
        """Take over what a process that died has not done; answers the test it died of, which nobody tries again.

        xdist would give out that test once more, and with it, as work without a test in it, all that was done before.
        """
        undone = {
            scope: tests for scope, tests in self.assigned_work[node].items() if not all(tests.values())
        }
        fatal = next((test for tests in undone.values() for test, done in tests.items() if not done), None)
        if fatal:
            undone[self._split_scope(fatal)][fatal] = True
        self.assigned_work[node] = {
            scope: tests for scope, tests in undone.items() if not all(tests.values())
        }
        super().remove_node(node)
        return fatal

    def _split_scope(self, nodeid: str) -> str:
        return next((group for group, those in TOGETHER.items() if those.match(nodeid)), nodeid)

"""How many statements a page costs."""

from tests.support.queries import counted_queries
from tests.support.seat import Seat


def statements_of(browser: Seat, path: str) -> int:
    """How many the page at ``path`` sends; the first visit is not counted, since it fills what is kept in memory."""
    assert browser.open(path).status_code == 200
    with counted_queries() as seen:
        assert browser.open(path).status_code == 200
    return len(seen)

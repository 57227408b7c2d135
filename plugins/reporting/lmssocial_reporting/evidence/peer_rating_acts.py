"""What events of peer rating tell. A work is ``w…``, and a thread at once; a review is ``r…``."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from lmssocial_reporting.evidence.telling import Told
from lmssocial_reporting.store.port import Act, Deed

COMPARISON = "comparison"


def _submitted(told: Told) -> Iterator[Act]:
    work = f"w{told.key('work_id')}"
    for author in told.numbers("author_ids"):
        yield told.act(Deed.POSTED, member=author, item=work, thread=work)


def _gone(deed: Deed, told: Told) -> Iterator[Act]:
    work = f"w{told.key('work_id')}"
    yield told.act(deed, item=work, thread=work)


def _reviewed(told: Told) -> Iterator[Act]:
    """``target`` is the review, which may be revoked; whoever reviews a work has read it."""
    work, review = f"w{told.key('work_id')}", f"r{told.key('review_id')}"
    reviewer = told.number("reviewer_id") or told.actor
    for author in told.numbers("author_ids"):
        about: dict[str, Any] = {"member": reviewer, "item": work, "thread": work, "other": author}
        yield told.act(Deed.REVIEWED, target=review, **about)
        yield told.act(Deed.READ, **about)


def _revoked(told: Told) -> Iterator[Act]:
    """Of the review it is as with a post its author removed: after a day it was there."""
    review, work = f"r{told.key('review_id')}", f"w{told.key('work_id')}"
    yield told.act(Deed.REMOVED, member=told.number("reviewer_id"), item=review, thread=work)


def _voided(told: Told) -> Iterator[Act]:
    review, work = f"r{told.key('review_id')}", f"w{told.key('work_id')}"
    deed = Deed.RESTORED if told.flag("back") else Deed.WITHDRAWN
    yield told.act(deed, item=review, thread=work, other=told.number("reviewer_id"))


def _compared(told: Told) -> Iterator[Act]:
    """Two works beside each other; without words, so it is no answer to anybody. Whose is which is not told."""
    pair = f"p{told.key('comparison_id')}"
    for author in told.numbers("author_ids"):
        about: dict[str, Any] = {"item": pair, "thread": pair, "other": author}
        yield told.act(Deed.REVIEWED, via=COMPARISON, **about)
        yield told.act(Deed.READ, **about)


READERS: Mapping[str, Callable[[Told], Iterable[Act]]] = {
    "peer_rating.work_submitted": _submitted,
    "peer_rating.work_withdrawn": partial(_gone, Deed.REMOVED),
    "peer_rating.work_taken_out": partial(_gone, Deed.WITHDRAWN),
    "peer_rating.work_taken_back": partial(_gone, Deed.RESTORED),
    "peer_rating.review_submitted": _reviewed,
    "peer_rating.review_revoked": _revoked,
    "peer_rating.review_voided": _voided,
    "peer_rating.pair_compared": _compared,
}

"""Whoever asks is given what has the fewest reviews. Pure.

When people drop out, what is missing is spread over all works, by one review each at most, where first come, first
served would leave the newest ones with nothing.
"""

import hashlib

from lmssocial.core.hooks.rating import Pool, Rater, Reviewable

Key = tuple[int, bool, bool, int, str]
"""What is given first has the smallest."""


def pick(pool: Pool, rater: Rater) -> int | None:
    """The work for somebody who asks for their next one."""
    allowed = [work for work in pool.works if pool.allows(rater, work)]
    if not allowed:
        return None
    return min(allowed, key=lambda work: key(pool, rater, work)).id


def key(pool: Pool, rater: Rater, work: Reviewable) -> Key:
    """In which order works are given out to ``rater``.

    Those with the fewest reviews first. Among these rather none by somebody who reviews them in turn, and none by
    somebody whom they reviewed in another activity; then what waited longest. The seed decides the rest.
    """
    return (
        work.load,
        bool(rater.reviewed_by & work.authors),
        bool(rater.met & work.authors),
        work.order,
        drawn(pool.seed, rater.id, work.id),
    )


def drawn(*parts: object) -> str:
    """What looks like chance and is the same for the same parts."""
    return hashlib.blake2b(":".join(map(str, parts)).encode(), digest_size=8).hexdigest()

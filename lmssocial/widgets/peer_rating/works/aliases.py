"""The numbers that works go by where names are hidden."""

import secrets

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.widgets.peer_rating.models import Work


def fresh(session: Session, placement_id: int) -> int:
    """A number for one more work of a locked activity, unlike all others there, and in no order of time."""
    taken = set(session.scalars(select(Work.alias).where(Work.placement_id == placement_id)))
    return among(taken)


def among(taken: set[int]) -> int:
    """A random number of three digits that is not ``taken``; of more, once half of those are."""
    first = 100
    while len(taken) * 2 >= first * 9:
        first *= 10
    while True:
        number = first + secrets.randbelow(first * 9)
        if number not in taken:
            return number

"""What people are called when their LMS keeps their names to itself."""

from lmssocial.lms.identity.models import User

_SPREAD = 2_654_435_761
"""Odd, so multiplying by it modulo a power of two gives every number once; neighbours come out far apart."""


def pseudonym(user_id: int) -> str:
    """A lasting name for somebody without one, such as ``Participant 7F3``; no two people share it.

    It is made of our row's number and of nothing the LMS sent, so it gives nobody away.
    """
    digits = max(3, (user_id.bit_length() + 3) // 4)
    size = 16**digits
    return f"Participant {user_id * _SPREAD % size:0{digits}X}"


def call(user: User, name: str) -> None:
    """Call ``user`` by the name their LMS sent; without one, by the real name we know, or else a pseudonym."""
    if name:
        user.name, user.has_real_name = name, True
    elif not user.has_real_name or not user.name:
        user.name, user.has_real_name = pseudonym(user.id), False

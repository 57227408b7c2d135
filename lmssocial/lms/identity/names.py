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
    user.name, user.has_real_name = called(
        user.id, name, known=user.name, known_is_real=bool(user.has_real_name)
    )


def called(user_id: int, name: str, *, known: str, known_is_real: bool) -> tuple[str, bool]:
    """What somebody is called from now on, and whether it is their real name.

    :param name: what their LMS sends now; empty if it keeps it to itself.
    :param known: what they were called so far; empty if nothing yet.
    """
    if name:
        return name, True
    if known_is_real and known:
        return known, True
    return pseudonym(user_id), False

"""The index of answers and the counters of people, kept in the transaction of each deed. Nothing here commits.

Whoever publishes an answer, takes one out of sight, or says that one resolved a question, says so here.
"""

from sqlalchemy.orm import Session


def answered(session: Session, answer_id: int) -> None:
    """An answer to a question was published, or has another wording. Harmless when repeated.

    :param answer_id: its contribution.
    """
    raise NotImplementedError


def taken_out(session: Session, contribution_id: int) -> None:
    """Something is out of sight, or gone: an answer, an answer in another widget, or a bio. Harmless when repeated."""
    raise NotImplementedError


def accepted(session: Session, contribution_id: int, *, on: bool) -> None:
    """An answer resolved its question, or was endorsed; or it did not after all. Harmless when repeated."""
    raise NotImplementedError


def bio(session: Session, community_id: int, user_id: int) -> None:
    """What somebody says of themselves was published, changed or taken away. Harmless when repeated."""
    raise NotImplementedError


def rebuild(session: Session, community_id: int) -> None:
    """Make index and counters of a community anew from what stands there."""
    raise NotImplementedError

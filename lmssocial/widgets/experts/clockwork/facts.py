"""What the steps of a question rest on, as the database has it."""
from dataclasses import dataclass

from sqlalchemy.orm import Session

from lmssocial.widgets.experts.questions import Asked


@dataclass(frozen=True, kw_only=True)
class Facts:
    """How a question stands."""


def facts_of(session: Session, asked: Asked) -> Facts:
    """How it stands now."""
    raise NotImplementedError

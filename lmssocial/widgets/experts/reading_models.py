"""What of questions and answers somebody has read."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from lmssocial.core.db import Base


class Reading(Base):
    """Somebody had the end of a question, or of an answer, on their screen. Kept so that it is told once."""

    __tablename__ = "experts_reading"

    user_id: Mapped[int] = mapped_column(ForeignKey("identity_user.id"), primary_key=True)
    contribution_id: Mapped[int] = mapped_column(
        ForeignKey("content_contribution.id"), primary_key=True, index=True
    )

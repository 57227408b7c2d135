"""What is done to what is said, named in one place for the rooms and plugins that call it. Nothing here commits."""

from lmssocial.widgets.experts.answering.changing import edit, take_back
from lmssocial.widgets.experts.answering.giving import Answered, answer
from lmssocial.widgets.experts.answering.rating import rate
from lmssocial.widgets.experts.answering.resolving import reopen, resolve
from lmssocial.widgets.experts.answering.saying import say
from lmssocial.widgets.experts.answering.standing import let_through, out_of_sight

__all__ = [
    "Answered",
    "answer",
    "edit",
    "let_through",
    "out_of_sight",
    "rate",
    "reopen",
    "resolve",
    "say",
    "take_back",
]

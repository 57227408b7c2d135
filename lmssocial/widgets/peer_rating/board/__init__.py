"""What staff look at while an activity runs: who did what, what is missing or disagrees, and what to do about it."""

from flask import Blueprint

from lmssocial.widgets.peer_rating.board import (
    board_routes,
    export_routes,
    people_routes,
    score_routes,
    work_routes,
)

__all__ = ["register"]


def register(bp: Blueprint) -> None:
    """Put the pages of this room into the blueprint."""
    for module in (board_routes, people_routes, work_routes, score_routes, export_routes):
        module.register(bp)

"""The desk of those who look after expert connect: what waits, tools for single questions, and measures by purpose."""

from flask import Blueprint

from lmssocial.widgets.experts.desk import deed_routes, measure_routes, routes

__all__ = ["register"]


def register(bp: Blueprint) -> None:
    """Put all pages of the desk into the blueprint."""
    for part in (routes, deed_routes, measure_routes):
        part.register(bp)

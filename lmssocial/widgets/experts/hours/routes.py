"""Every page of office hours."""

from flask import Blueprint

from lmssocial.widgets.experts.hours import address_routes, booking_routes, hour_routes


def register(bp: Blueprint) -> None:
    """Put the pages into the blueprint."""
    hour_routes.register(bp)
    booking_routes.register(bp)
    address_routes.register(bp)

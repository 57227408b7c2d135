"""The first page."""

from flask import Blueprint, render_template

from lmssocial.widgets.experts.blueprint import base, experts


def register(bp: Blueprint) -> None:
    """Put the page into the blueprint."""
    bp.add_url_rule("/", view_func=home)


def home(placement_id: int) -> str:  # noqa: ARG001 – the place of the request knows it
    """What waits for somebody here, what they asked, and where they can ask."""
    place = experts()
    return render_template("experts/home.html", base=base(place))

"""The first page of the desk."""

from flask import Blueprint, render_template, request

from lmssocial.core.kernel import clock
from lmssocial.web import scope
from lmssocial.widgets.experts import access
from lmssocial.widgets.experts.blueprint import base, experts
from lmssocial.widgets.experts.desk.blocks import blocks
from lmssocial.widgets.experts.desk.lists import Show, desk_page


def register(bp: Blueprint) -> None:
    """Put the page into the blueprint."""
    bp.add_url_rule("/desk", view_func=desk)


def desk(placement_id: int) -> str:  # noqa: ARG001 – the place of the request knows it
    """What waits: questions by age, and what else somebody has to look at."""
    place = experts()
    access.require_looks_after(place.actor)
    session = scope.session()
    said = request.args.get("show", "")
    show, after = Show(said) if said in set(Show) else Show.ALL, request.args.get("after", "")
    return render_template(
        "experts/desk.html",
        page=desk_page(session, place.actor, show, after),
        blocks=None if after else blocks(session, place.actor),
        show=show,
        after=after,
        now=clock.now(),
        base=base(place),
    )

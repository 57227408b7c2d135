"""The pages of people who answer: the directory, one person, and what others say of them."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, render_template, request

from lmssocial.core.db import LARGEST_ID
from lmssocial.web import scope
from lmssocial.widgets.experts.blueprint import base, experts
from lmssocial.widgets.experts.people import languages, profile_routes, saying_routes
from lmssocial.widgets.experts.people.circles import circle_of
from lmssocial.widgets.experts.people.directory import directory
from lmssocial.widgets.experts.people.forms import AppointForm
from lmssocial.widgets.experts.people.showing import person_of, person_page
from lmssocial.widgets.experts.topics import queries as topics


def register(bp: Blueprint) -> None:
    """Put the pages of this room into the blueprint."""
    routes: tuple[tuple[str, Callable[..., Any]], ...] = (
        ("/people", expert_list),
        ("/people/<int:user_id>", expert_detail),
    )
    for rule, view in routes:
        bp.add_url_rule(rule, view_func=view)
    profile_routes.register(bp)
    saying_routes.register(bp)


def expert_list(placement_id: int) -> str:  # noqa: ARG001 – the place of the request knows it
    """People who answer questions."""
    place, session = experts(), scope.session()
    circle = circle_of(place)
    topic_id = min(max(request.args.get("topic", 0, type=int), 0), LARGEST_ID)
    called = request.args.get("q", "").strip()[:100]
    after = min(max(request.args.get("after", 0, type=int), 0), LARGEST_ID)
    return render_template(
        "experts/expert_list.html",
        base=base(place),
        found=directory(session, place.actor, circle, topic_id=topic_id or None, called=called, after=after),
        whence=lambda card: circle.whence(place.actor, card.community_id),
        in_words=languages.in_words,
        topics=topics.choices(session, place.actor),
        topic_id=topic_id,
        called=called,
        after=after,
    )


def expert_detail(placement_id: int, user_id: int) -> str:  # noqa: ARG001 – the place of the request knows it
    """One person: what they know, and how that is known."""
    place = experts()
    return person_page(place, person_of(place, user_id), AppointForm())

"""The pages of topics, for everybody."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from lmssocial.core.db import LARGEST_ID
from lmssocial.web import scope
from lmssocial.widgets.experts import access
from lmssocial.widgets.experts.blueprint import base, experts
from lmssocial.widgets.experts.topics import gaps, queries, steward_routes
from lmssocial.widgets.experts.topics.forms import StartForm


def register(bp: Blueprint) -> None:
    """Put the pages of this room into the blueprint."""
    bp.add_url_rule("/topics", view_func=topic_list)
    bp.add_url_rule("/topics/<int:topic_id>", view_func=topic_detail)
    steward_routes.register(bp)


def topic_list(placement_id: int) -> str:  # noqa: ARG001 – the place of the request knows it
    """What people here know and ask about."""
    place, session = experts(), scope.session()
    called = request.args.get("q", "").strip()[:100]
    after = min(max(request.args.get("after", 0, type=int), 0), LARGEST_ID)
    page = queries.topic_page(session, place.actor, called=called, after=after)
    stewards = access.looks_after(place.actor)
    tags: list[str] = []
    if stewards and not page.topics and not called:
        tags = gaps.first_topics(session, place.actor)
    return render_template(
        "experts/topic_list.html",
        base=base(place),
        page=page,
        called=called,
        after=after,
        stewards=stewards,
        start=StartForm().offer(tags) if tags else None,
    )


def topic_detail(placement_id: int, topic_id: int) -> str | Response:
    """One topic: who knows about it, and what was asked. One that was merged leads on to what it became."""
    place, session = experts(), scope.session()
    topic = queries.found(session, place.actor, min(topic_id, LARGEST_ID))
    if topic.merged_into_id is not None:
        there = url_for("experts.topic_detail", placement_id=placement_id, topic_id=topic.merged_into_id)
        return redirect(there, code=302)
    return render_template(
        "experts/topic_detail.html",
        base=base(place),
        topic=topic,
        people=queries.who_knows(session, place.actor, topic.id),
        questions=queries.recent_questions(session, place.actor, topic.id),
        stewards=access.looks_after(place.actor),
    )

"""The address of the lists of questions."""

from flask import Blueprint, render_template, request

from lmssocial.core.db import LARGEST_ID
from lmssocial.social.search.asking import LONGEST_QUERY
from lmssocial.web import scope
from lmssocial.widgets.experts import access
from lmssocial.widgets.experts.asking import lists
from lmssocial.widgets.experts.asking.lists import Show, Wanted
from lmssocial.widgets.experts.blueprint import base, experts
from lmssocial.widgets.experts.topics import queries as topics


def register(bp: Blueprint) -> None:
    """Put the page into the blueprint."""
    bp.add_url_rule("/questions", view_func=question_list)


def question_list(placement_id: int) -> str:  # noqa: ARG001 – the place of the request knows it
    """Questions: all of them, or which one asks for."""
    place, session = experts(), scope.session()
    wanted = _wanted()
    topic = topics.found(session, place.actor, wanted.topic_id).label if wanted.topic_id else ""
    page = lists.question_list(session, place.actor, wanted)
    return render_template(
        "experts/question_list.html",
        page=page,
        wanted=wanted,
        topic=topic,
        chosen=_chosen(wanted),
        may_ask=access.asks(place.actor),
        base=base(place),
    )


def _wanted() -> Wanted:
    said = request.args
    show, topic = said.get("show", ""), said.get("topic", type=int)
    return Wanted(
        show=Show(show) if show in set(Show) else Show.ALL,
        topic_id=topic if topic and 0 < topic <= LARGEST_ID else None,
        words=said.get("q", "")[:LONGEST_QUERY],
        after=said.get("after", ""),
    )


def _chosen(wanted: Wanted) -> dict[str, str | int]:
    """What an address has to say to ask the same again."""
    said: dict[str, str | int] = {"show": wanted.show.value} if wanted.show is not Show.ALL else {}
    if wanted.topic_id is not None:
        said["topic"] = wanted.topic_id
    if wanted.words.strip():
        said["q"] = wanted.words
    return said

"""The addresses of feedback: what an author reads, what they say of it, and what a reviewer hears of that."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import Gone, Invalid
from lmssocial.core.kernel.words import gettext as _
from lmssocial.social.communities.scope import Here
from lmssocial.social.content.models import State
from lmssocial.social.moderation.request import screen_here
from lmssocial.web import scope
from lmssocial.widgets.peer_rating import access, gates
from lmssocial.widgets.peer_rating.activities import Running, running
from lmssocial.widgets.peer_rating.blueprint import peer_rating
from lmssocial.widgets.peer_rating.feedback import appeal_routes, queries, rating, rules, said
from lmssocial.widgets.peer_rating.feedback.forms import RateForm, rate_form
from lmssocial.widgets.peer_rating.feedback.rating import Answered
from lmssocial.widgets.peer_rating.feedback.views import Feedback
from lmssocial.widgets.peer_rating.feedback.wording import HELPFUL_WORDS, STATE_WORDS, TAG_WORDS
from lmssocial.widgets.peer_rating.pairs.queries import received
from lmssocial.widgets.peer_rating.releasing.wording import plain, points_in_words, score_in_words
from lmssocial.widgets.peer_rating.settings import Mode

Answer = Response | str | tuple[str, int]


def register(bp: Blueprint) -> None:
    """Put the pages of this room into the blueprint."""
    routes: tuple[tuple[str, str, Callable[..., Any]], ...] = (
        ("GET", "/feedback", feedback),
        ("POST", "/reviews/<int:review_id>/rate", review_rate),
        ("GET", "/said", rated_list),
    )
    for method, rule, view in routes:
        bp.add_url_rule(rule, view_func=view, methods=[method])
    appeal_routes.register(bp)


def feedback(placement_id: int) -> Answer:
    """What reviewers said of the reader's work, and its score."""
    place = peer_rating()
    here = running(scope.session(), place.actor, placement_id)
    if access.runs(place.actor):
        return redirect(url_for("peer_rating.home", placement_id=placement_id), code=303)
    return _page(place, here, queries.feedback(scope.session(), place.actor, here))


def review_rate(placement_id: int, review_id: int) -> Answer:
    """Say how helpful a review was, and answer it."""
    place, form = peer_rating(), rate_form(review_id, request.form)
    actor = place.actor
    if not form.validate():
        return _again(place, review_id, form), 422
    screen, draft = screen_here(), form.draft()
    try:
        rating.consider(scope.session(), screen, actor, placement_id, review_id, draft)
        with unit_of_work(scope.session()) as session:
            answered = rating.rate(session, screen, actor, placement_id, review_id, draft)
    except Invalid as problem:
        form.reply.errors = [problem.message]
        return _again(place, review_id, form), 422
    except Gone as problem:  # the time for it ended while they wrote
        return _too_late(place, problem.message, draft.reply), problem.status
    _say(answered)
    where = url_for("peer_rating.feedback", placement_id=placement_id, _anchor=f"review-{review_id}")
    return redirect(where, code=303)


def _say(answered: Answered) -> None:
    if answered.reply is State.HELD:
        flash(" ".join([_("Saved. Your answer waits for a moderator."), *answered.messages]), "warn")
    elif answered.reply is State.REJECTED:
        flash(_("Saved. A moderator did not publish your answer; you can give it another wording."), "warn")
    elif answered.reply is State.PUBLISHED:
        flash(_("Saved. Whoever wrote the review reads your answer."), "good")
    else:
        flash(_("Saved. Whoever wrote the review hears of it."), "good")


def _again(place: Here, review_id: int, form: RateForm) -> str:
    """The page with a form that has to be corrected."""
    here = running(scope.session(), place.actor, place.placement_id)
    found = queries.feedback(scope.session(), place.actor, here)
    return _page(place, here, found, wrong={review_id: form})


def _too_late(place: Here, why: str, written: str) -> str:
    """The page with what was written and cannot be sent any more."""
    here = running(scope.session(), place.actor, place.placement_id)
    found = queries.feedback(scope.session(), place.actor, here)
    return _page(place, here, found, unsent=(why, written))


def _page(
    place: Here,
    here: Running,
    found: Feedback,
    *,
    wrong: Mapping[int, RateForm] | None = None,
    unsent: tuple[str, str] | None = None,
) -> str:
    may_rate = rules.may_rate(here.settings, here.phase)
    sources = queries.own_replies(scope.session(), place.actor, found) if may_rate else {}
    forms = {
        review.id: rate_form(review.id, read=review, reply=sources.get(review.id, ""))
        for review in found.reviews
        if may_rate
    }
    score, compared = found.score, here.settings.mode is Mode.PAIRS
    return render_template(
        "peer_rating/feedback.html",
        found=found,
        settings=here.settings,
        phase=here.phase.value,
        readable=rules.reads_reviews(here.phase),
        scored=rules.sees_score(here.phase),
        named=gates.shows_reviewers(here.settings, here.phase),
        forms=forms | dict(wrong or {}),
        wrong=set(wrong or {}),
        unsent=unsent,
        may_appeal=score is not None
        and score.points is not None
        and found.appeal is None
        and rules.may_appeal(here.settings, here.phase, rules.released_since(here), clock.now()),
        appeals_until=rules.appeals_until(here.settings, rules.released_since(here)),
        said=_said(found, compared=compared),
        pairs=compared,
        received=received(scope.session(), place.actor, place.placement_id) if compared else (),
        plain=plain,
        points_in_words=points_in_words,
        tag_words=TAG_WORDS,
        helpful_words=HELPFUL_WORDS,
        state_words=STATE_WORDS,
    )


def _said(found: Feedback, *, compared: bool) -> str:
    """The score and what it rests on, in one sentence without its end."""
    score = found.score
    if score is None or score.points is None:
        return ""
    return score_in_words(
        score.points,
        score.most,
        count=score.count,
        lowest=score.lowest,
        highest=score.highest,
        overridden=score.overridden is not None,
        compared=compared,
    )


def rated_list(placement_id: int) -> str:
    """What authors said of the reviews that the reader wrote."""
    place = peer_rating()
    here = running(scope.session(), place.actor, placement_id)
    return render_template(
        "peer_rating/rated_list.html",
        heard=said.heard(scope.session(), place.actor, here),
        named=gates.shows_authors(here.settings, here.phase),
        tag_words=TAG_WORDS,
        helpful_words=HELPFUL_WORDS,
    )

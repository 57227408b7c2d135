"""The page of a person, shown where it is opened, and again where a form on it was not in order."""

from flask import render_template

from lmssocial.core.db import LARGEST_ID
from lmssocial.core.kernel.errors import NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.social.communities.scope import Here
from lmssocial.web import scope
from lmssocial.widgets.experts import access
from lmssocial.widgets.experts.blueprint import base
from lmssocial.widgets.experts.models import Reach
from lmssocial.widgets.experts.people import languages, persons
from lmssocial.widgets.experts.people.circles import circle_of
from lmssocial.widgets.experts.people.forms import AppointForm
from lmssocial.widgets.experts.people.persons import PersonPage
from lmssocial.widgets.experts.people.rules import teaches_or_is_sme
from lmssocial.widgets.experts.topics import queries as topics


def person_of(place: Here, user_id: int) -> PersonPage:
    """Somebody as the person of this request may see them.

    :raises NotFound: if there is nobody of that id, or they may not be seen.
    """
    return persons.person(scope.session(), place.actor, circle_of(place), min(user_id, LARGEST_ID))


def person_of_here(place: Here, user_id: int) -> PersonPage:
    """:func:`person_of` for somebody of the same course.

    :raises NotFound: likewise, and for people of other courses.
    """
    page = person_of(place, user_id)
    if not page.is_here:
        raise NotFound(_("There is nobody at this address."), reason=f"{user_id} is of another course")
    return page


def person_page(place: Here, page: PersonPage, appoint: AppointForm) -> str:
    """The page of a person, with what staff may do there."""
    session, actor = scope.session(), place.actor
    staff = access.sets_up(actor) and page.is_here
    unlisted = staff and not page.is_me and page.reach is Reach.NONE
    return render_template(
        "experts/expert_detail.html",
        base=base(place),
        page=page,
        appoint=appoint,
        staff=staff,
        stewards=access.looks_after(actor) and page.is_here,
        may_enlist=unlisted and teaches_or_is_sme(session, actor, page.user_id),
        names=topics.names(session, actor) if staff else [],
        in_words=languages.in_words,
    )

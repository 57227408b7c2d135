"""The form in which somebody says what they want to be told of."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectField

from lmssocial.social.notifications.models import How
from lmssocial.social.notifications.preferences import Wish
from lmssocial.web.forms import SafeForm, options

WORDS = {
    How.NOW: _l("In the bell, and by e-mail soon"),
    How.DIGEST: _l("In the bell, and in the digest"),
    How.BELL: _l("In the bell only"),
    How.OFF: _l("Not at all"),
}
"""How somebody may be told, in words."""


def wishes_form(wishes: tuple[Wish, ...], data: Any = None) -> SafeForm:
    """A form with one choice for each kind; the fields are called as the kinds, with ``-`` for the dot.

    :param data: what was sent, if something was.
    """
    fields = {
        field_name(wish): SelectField(
            wish.kind.label,
            choices=options((how.value, WORDS[how]) for how in wish.choices),
            description=wish.kind.about,
        )
        for wish in wishes
    }
    form: SafeForm = type("WishesForm", (SafeForm,), fields)(
        data, data={field_name(wish): wish.how.value for wish in wishes}
    )
    return form


def field_name(wish: Wish) -> str:
    """What the choice for a kind is called in the form."""
    return wish.kind.name.replace(".", "-")


def chosen(form: SafeForm, wishes: tuple[Wish, ...]) -> dict[str, How]:
    """What a valid form says, by kind."""
    return {wish.kind.name: How(form[field_name(wish)].data) for wish in wishes}

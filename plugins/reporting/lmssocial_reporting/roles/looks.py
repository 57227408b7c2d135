"""What each role looks like here, in a few sentences for whoever has not met it yet."""

from collections.abc import Mapping
from types import MappingProxyType

from flask_babel.speaklater import LazyString

from lmssocial.plugin import lazy_gettext as _l
from lmssocial_reporting.definition import Role

_LOOKS: Mapping[Role, tuple[LazyString, ...]] = MappingProxyType(
    {
        Role.CONSUMER: (
            _l("You read a thread to its end, search before you ask, and keep what you will need again."),
            _l(
                "You ask when you are stuck. A question is no lack: others answer it, and the next one finds it."
            ),
            _l("To read and to use what others wrote is a part of its own. Nobody owes a post for it."),
        ),
        Role.CREATOR: (
            _l(
                "You start a thread, hand in a work that others can learn from, or answer somebody in more than a word."
            ),
            _l("You go back to something and make it clearer, so that it is worth finding next year."),
        ),
        Role.CONNECTOR: (
            _l(
                "You know who knows, and say so: you introduce two people, or pass a question to who can answer it."
            ),
            _l("You answer with a link to what is there already, and whoever asked opens it."),
            _l("You name somebody in a thread who has something to say about it, and they join."),
        ),
        Role.CARRIER: (
            _l(
                "You bring what somebody else wrote to another community that needs it, with a sentence of your own."
            ),
            _l("You sum up a long discussion and name those who made the points."),
            _l(
                "You rate, endorse or mark what is good so that others find it. It is quickly done and counts a little."
            ),
        ),
        Role.CARETAKER: (
            _l("You are the first to answer somebody new."),
            _l("You take up a question that has waited for two days."),
            _l(
                "You keep the place in order: flags, rules, topics, an office hour, a target the community agrees on."
            ),
        ),
    }
)


def looks_like(role: Role) -> list[str]:
    """What somebody does here who acts in a role."""
    return [str(one) for one in _LOOKS[role]]

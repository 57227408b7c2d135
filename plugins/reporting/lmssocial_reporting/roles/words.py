"""The five roles, their kinds of evidence and their skills, in words.

The titles and meanings of roles and skills are those of "Key Social Learning Roles" (2010), on which the definition
rests.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from flask_babel.speaklater import LazyString

from lmssocial.plugin import gettext as _
from lmssocial.plugin import lazy_gettext as _l
from lmssocial_reporting.definition import Kind, Role

_TITLES: Mapping[Role, LazyString] = MappingProxyType(
    {
        Role.CONSUMER: _l("Consumer"),
        Role.CREATOR: _l("Creator"),
        Role.CONNECTOR: _l("Connector"),
        Role.CARRIER: _l("Carrier"),
        Role.CARETAKER: _l("Caretaker"),
    }
)
_SENTENCES: Mapping[Role, LazyString] = MappingProxyType(
    {
        Role.CONSUMER: _l("Looks for and uses content, information and social connections."),
        Role.CREATOR: _l("Creates, shares, improves and discusses content and information."),
        Role.CONNECTOR: _l("Helps others to find the content, information and people they seek or need."),
        Role.CARRIER: _l("Helps creators to transmit and promote their content and information to others."),
        Role.CARETAKER: _l("Looks after the learning community."),
    }
)
_KINDS: Mapping[Kind, LazyString] = MappingProxyType(
    {
        Kind.ITEM_OPENED: _l("items read to their end"),
        Kind.SEARCH_USED: _l("searches that led to something"),
        Kind.ITEM_KEPT: _l("items saved, threads followed"),
        Kind.HELP_ASKED: _l("questions asked"),
        Kind.ITEM_POSTED: _l("threads, questions and works published"),
        Kind.REPLY_POSTED: _l("replies"),
        Kind.ITEM_IMPROVED: _l("items given a better wording"),
        Kind.PERSON_INTRODUCED: _l("people introduced to each other"),
        Kind.QUESTION_REFERRED: _l("questions passed to somebody who took them"),
        Kind.ITEM_POINTED: _l("links to what was there, opened by who asked"),
        Kind.MEMBER_BROUGHT: _l("members brought into a thread"),
        Kind.ITEM_SHARED: _l("items shared with another community, and opened there"),
        Kind.DIGEST_PUBLISHED: _l("summaries of what several others wrote"),
        Kind.ITEM_ENDORSED: _l("items rated, endorsed or found helpful"),
        Kind.NEWCOMER_WELCOMED: _l("newcomers welcomed"),
        Kind.CARE_REQUEST: _l("requests taken up that had waited for two days"),
        Kind.CARE_MODERATED: _l("things put in order"),
        Kind.CARE_GOVERNED: _l("rules, targets and topics looked after"),
    }
)


def role_title(role: Role) -> str:
    """What a role is called."""
    return str(_TITLES[role])


def role_sentence(role: Role) -> str:
    """What somebody does who acts in it, in one sentence."""
    return str(_SENTENCES[role])


def kind_words(kind: Kind) -> str:
    """A kind of evidence in a few words, for lists and legends: ``replies``."""
    return str(_KINDS[kind])


def kind_done(kind: Kind, other_name: str | None = None) -> str:
    """One piece of evidence, told to who did it: ``You replied to Amal``.

    :param other_name: whom it served; ``None`` or empty where it was nobody in particular.
    """
    if other_name:
        return _with(kind, other_name)
    return _alone(kind)


def _with(kind: Kind, other: str) -> str:
    said = {
        Kind.ITEM_OPENED: _("You read something by %(name)s to its end", name=other),
        Kind.SEARCH_USED: _("You searched, and found something by %(name)s", name=other),
        Kind.ITEM_KEPT: _("You saved or followed something by %(name)s", name=other),
        Kind.HELP_ASKED: _("You asked a question, and %(name)s read it", name=other),
        Kind.ITEM_POSTED: _("You published something, and %(name)s read it", name=other),
        Kind.REPLY_POSTED: _("You replied to %(name)s", name=other),
        Kind.ITEM_IMPROVED: _("You gave something by %(name)s a better wording", name=other),
        Kind.PERSON_INTRODUCED: _("You introduced %(name)s to somebody, and they wrote", name=other),
        Kind.QUESTION_REFERRED: _("You thought of %(name)s for a question, and they took it", name=other),
        Kind.ITEM_POINTED: _(
            "You pointed %(name)s to something that was there, and they opened it", name=other
        ),
        Kind.MEMBER_BROUGHT: _("You brought %(name)s into a thread", name=other),
        Kind.ITEM_SHARED: _(
            "You shared something by %(name)s with another community, where it was opened", name=other
        ),
        Kind.DIGEST_PUBLISHED: _("You summed up what %(name)s and others wrote", name=other),
        Kind.ITEM_ENDORSED: _("You rated, endorsed or marked something by %(name)s", name=other),
        Kind.NEWCOMER_WELCOMED: _("You were the first to answer %(name)s, who was new", name=other),
        Kind.CARE_REQUEST: _("You took up a request of %(name)s that had waited for two days", name=other),
        Kind.CARE_MODERATED: _("You put something by %(name)s in order", name=other),
        Kind.CARE_GOVERNED: _("You did something for the community, and %(name)s made use of it", name=other),
    }
    return said[kind]


def _alone(kind: Kind) -> str:
    said = {
        Kind.ITEM_OPENED: _("You read something to its end"),
        Kind.SEARCH_USED: _("You searched, and found something"),
        Kind.ITEM_KEPT: _("You saved or followed something"),
        Kind.HELP_ASKED: _("You asked a question"),
        Kind.ITEM_POSTED: _("You published something"),
        Kind.REPLY_POSTED: _("You replied to somebody"),
        Kind.ITEM_IMPROVED: _("You gave something of yours a better wording"),
        Kind.PERSON_INTRODUCED: _("You introduced two people, and they wrote"),
        Kind.QUESTION_REFERRED: _("You passed a question to somebody, who took it"),
        Kind.ITEM_POINTED: _("You pointed to something that was there, and it was opened"),
        Kind.MEMBER_BROUGHT: _("You brought somebody into a thread"),
        Kind.ITEM_SHARED: _("You shared something with another community, where it was opened"),
        Kind.DIGEST_PUBLISHED: _("You summed up what others wrote"),
        Kind.ITEM_ENDORSED: _("You rated, endorsed or marked something"),
        Kind.NEWCOMER_WELCOMED: _("You were the first to answer somebody new"),
        Kind.CARE_REQUEST: _("You took up a request that had waited for two days"),
        Kind.CARE_MODERATED: _("You put something in order"),
        Kind.CARE_GOVERNED: _("You looked after rules, targets or topics"),
    }
    return said[kind]


@dataclass(frozen=True)
class Skill:
    """One of the 17 skills of the five roles."""

    key: str
    role: Role
    title: LazyString
    meaning: LazyString
    """One sentence: what somebody is able to do who has it."""


SKILLS: Mapping[str, Skill] = MappingProxyType(
    {
        skill.key: skill
        for skill in (
            Skill(
                "self_directed",
                Role.CONSUMER,
                _l("Self directed"),
                _l("Able to identify and pursue learning needs without too much formal structure and rigor."),
            ),
            Skill(
                "media_savvy",
                Role.CONSUMER,
                _l("Media savvy"),
                _l("Able to use social media in a natural way."),
            ),
            Skill(
                "insightful",
                Role.CONSUMER,
                _l("Insightful"),
                _l(
                    "Able to filter meaningful information, patterns and commonalities from multiple streams of data."
                ),
            ),
            Skill(
                "group_oriented",
                Role.CONSUMER,
                _l("Group oriented"),
                _l("Able to build collaborative networks and leverage the collective intelligence."),
            ),
            Skill(
                "attentive",
                Role.CREATOR,
                _l("Attentive"),
                _l(
                    "Able to respond to requests and to reach out to others in a meaningful and timely manner."
                ),
            ),
            Skill(
                "designer",
                Role.CREATOR,
                _l("Designer"),
                _l(
                    "Able to format and package ideas and information logically, concisely and understandably."
                ),
            ),
            Skill(
                "researcher",
                Role.CREATOR,
                _l("Researcher"),
                _l(
                    "Able to augment and enhance the ideas, stories and information created and shared by others."
                ),
            ),
            Skill("broker", Role.CONNECTOR, _l("Broker"), _l("Able to persuade others to collaborate.")),
            Skill(
                "conductor",
                Role.CONNECTOR,
                _l("Conductor"),
                _l("Able to simultaneously coordinate with many people."),
            ),
            Skill(
                "switched_on",
                Role.CONNECTOR,
                _l("Switched on"),
                _l(
                    "Able to understand the political dynamics and cultural values in various communities and networks."
                ),
            ),
            Skill(
                "networker",
                Role.CONNECTOR,
                _l("Networker"),
                _l("Able to form and sustain networked relationships."),
            ),
            Skill(
                "communicator",
                Role.CARRIER,
                _l("Communicator"),
                _l(
                    "Able to transmit an idea, story or information into a variety of viewpoints and perspectives."
                ),
            ),
            Skill(
                "trend_spotter",
                Role.CARRIER,
                _l("Trend spotter"),
                _l("Able to notice new and emerging ideas that deserve mass awareness and adoption."),
            ),
            Skill(
                "marketer",
                Role.CARRIER,
                _l("Marketer"),
                _l(
                    "Able to select and use media and channels to promote content and information to a target audience."
                ),
            ),
            Skill(
                "ambassador",
                Role.CARETAKER,
                _l("Ambassador"),
                _l("Able to represent the community and portray its goals, purpose and policies."),
            ),
            Skill(
                "advocate",
                Role.CARETAKER,
                _l("Advocate"),
                _l(
                    "Able to intercede and act as a mediator on behalf of a community or an individual member."
                ),
            ),
            Skill(
                "cultivator",
                Role.CARETAKER,
                _l("Cultivator"),
                _l(
                    "Able to put into motion and institutionalize community values, policies, procedures and practices."
                ),
            ),
        )
    }
)
"""The 17 skills by key, in the order of the roles."""


def skills_of(role: Role) -> tuple[Skill, ...]:
    """The skills that a role takes."""
    return tuple(skill for skill in SKILLS.values() if skill.role is role)

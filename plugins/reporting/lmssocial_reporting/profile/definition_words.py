"""The definition in force, for people to read: every kind of evidence with its rule, every parameter with its value."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType

from lmssocial.plugin import gettext as _
from lmssocial.plugin import pgettext
from lmssocial_reporting.definition import (
    AWAITS,
    LEAST_MEMBERS,
    ROLE_OF,
    ROLES_1,
    WEAK,
    Bar,
    Definition,
    Kind,
    Role,
)
from lmssocial_reporting.roles.words import kind_words, role_sentence, role_title

_RULES: Mapping[Kind, Callable[[Definition], str]] = MappingProxyType(
    {
        Kind.ITEM_OPENED: lambda _of: _("Something that somebody else wrote was on the screen to its end."),
        Kind.SEARCH_USED: lambda of: _(
            "A search led to something by somebody else within %(minutes)d minutes.",
            minutes=_minutes(of.search_leads),
        ),
        Kind.ITEM_KEPT: lambda of: _(
            "Something by somebody else was saved, or their thread followed on purpose, and not let go within "
            "%(minutes)d minutes.",
            minutes=_minutes(of.undo),
        ),
        Kind.HELP_ASKED: lambda _of: _("A question was published, and was not taken out of sight."),
        Kind.ITEM_POSTED: lambda of: _(
            "A thread, question, poll or work was published, and not removed within %(hours)d hours. It served the "
            "first %(openers)d others who opened it within %(days)d days.",
            hours=_hours(of.stands),
            openers=of.openers,
            days=of.uptake.days,
        ),
        Kind.REPLY_POSTED: lambda of: _(
            "Somebody else was answered, or their work reviewed, in more than %(characters)d characters.",
            characters=of.short_reply,
        ),
        Kind.ITEM_IMPROVED: lambda of: _(
            "At least %(characters)d characters of something changed, or %(share)d %% of it. Edits within %(minutes)d "
            "minutes of each other are one.",
            characters=of.edit_characters,
            share=round(of.edit_share * 100),
            minutes=_minutes(of.edits_merge),
        ),
        Kind.PERSON_INTRODUCED: lambda _of: _(
            "Two others were brought together, and one of them wrote to the other."
        ),
        Kind.QUESTION_REFERRED: lambda _of: _(
            "Somebody was thought of for a question, and took or answered it."
        ),
        Kind.ITEM_POINTED: lambda _of: _(
            "An answer to a question links to something, and whoever asked opened that."
        ),
        Kind.MEMBER_BROUGHT: lambda _of: _(
            "Somebody was named in a thread in which they had not written, and then wrote there."
        ),
        Kind.ITEM_SHARED: lambda _of: _(
            "Something by somebody else was brought to another community, and somebody opened it from there."
        ),
        Kind.DIGEST_PUBLISHED: lambda _of: _(
            "Something was published that links to items of at least two others."
        ),
        Kind.ITEM_ENDORSED: lambda _of: _(
            "Something by somebody else was found helpful, rated, endorsed or specially mentioned."
        ),
        Kind.NEWCOMER_WELCOMED: lambda of: _(
            "Within %(days)d days, the first answer of anybody to the first thing that somebody ever published here.",
            days=of.welcome.days,
        ),
        Kind.CARE_REQUEST: lambda of: _(
            "A question that nobody had answered for %(hours)d hours was answered, or given to somebody.",
            hours=_hours(of.unanswered),
        ),
        Kind.CARE_MODERATED: lambda _of: _(
            "Something of others was put in order: a thread moved, merged, pinned or closed, a decision made; or "
            "something was flagged, and somebody else upheld the flag."
        ),
        Kind.CARE_GOVERNED: lambda _of: _(
            "Rules, targets, topics or groups were looked after, or somebody came to an office hour."
        ),
    }
)


@dataclass(frozen=True)
class KindRule:
    """One kind of evidence."""

    title: str
    rule: str
    awaits: bool
    """Whether it counts once somebody took it up."""
    weak: bool
    """Whether it alone makes nobody act in a role."""


@dataclass(frozen=True)
class RoleRule:
    """One role: what acting in it takes."""

    title: str
    meaning: str
    bar: str
    kinds: tuple[KindRule, ...]


def role_rules(definition: Definition = ROLES_1) -> list[RoleRule]:
    """The five roles with all their kinds."""
    return [
        RoleRule(
            role_title(role),
            role_sentence(role),
            _bar(definition.rule.bars[role]),
            tuple(
                KindRule(kind_words(kind), _RULES[kind](definition), kind in AWAITS, kind in WEAK)
                for kind in Kind
                if ROLE_OF[kind] is role
            ),
        )
        for role in Role
    ]


def parameters(definition: Definition = ROLES_1) -> list[tuple[str, str]]:
    """What else it rests on, as (what, how much)."""
    sustained = definition.rule.sustained
    return [
        (
            _("A window"),
            _("%(days)d days, up to a Sunday, in the time zone of the course", days=definition.window_days),
        ),
        (
            _("A member"),
            _(
                "somebody who was in the course on at least %(days)d of them, whether or not they came",
                days=definition.enrolled_days,
            ),
        ),
        (_("Kept up"), _bar(sustained)),
        (
            _("Beginning"),
            _("something of it was done, and less than acting takes"),
        ),
        (
            _("Taken up"),
            _(
                "what counts once somebody took it up has to be taken up within %(days)d days",
                days=definition.uptake.days,
            ),
        ),
        (
            pgettext("a rule", "Taken back"),
            _("what is undone within %(minutes)d minutes was never done", minutes=_minutes(definition.undo)),
        ),
        (
            _("Between two alone"),
            _(
                "if each of two people has %(ties)d or more things for the other that nobody else ever touched, these "
                "do not count",
                ties=definition.lone_ties,
            ),
        ),
        (_("Fewest members"), _("%(least)d; with fewer there are no shares", least=LEAST_MEMBERS)),
    ]


def _bar(bar: Bar) -> str:
    return _("on %(days)d days or more, for %(others)d people or more", days=bar.days, others=bar.others)


def _minutes(time: timedelta) -> int:
    return round(time.total_seconds() / 60)


def _hours(time: timedelta) -> int:
    return round(time.total_seconds() / 3600)

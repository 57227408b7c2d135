"""The definition ``roles/1``: what counts as acting in one of the five roles.

It is absolute, so that the share of members who act in a role can move, and it is public: every figure is printed with
the parameters it rests on. Whoever changes anything here gives it another name; evidence is then derived anew, and
reports that were published keep the definition they were made with.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType

VERSION = "roles/1"
"""Its name, printed beside every figure."""


class Role(StrEnum):
    """The five community roles (Key Social Learning Roles, 2010). Never to be confused with LMS roles."""

    CONSUMER = "consumer"
    """Reads, searches, keeps and asks."""
    CREATOR = "creator"
    """Writes, answers and improves."""
    CONNECTOR = "connector"
    """Brings people to people, and people to what is there."""
    CARRIER = "carrier"
    """Carries what others made to where it is needed."""
    CARETAKER = "caretaker"
    """Welcomes, looks after what is left over, and keeps the place in order."""


class Kind(StrEnum):
    """A kind of evidence: one way to act in a role. ``⇒`` marks those that count once somebody took them up."""

    ITEM_OPENED = "item.opened"
    """Somebody else's item was on the screen to its end."""
    SEARCH_USED = "search.used"
    """⇒ A search led to an item within ten minutes."""
    ITEM_KEPT = "item.kept"
    """Somebody else's item was saved, or a thread followed on purpose."""
    HELP_ASKED = "help.asked"
    """A question was published."""
    ITEM_POSTED = "item.posted"
    """A thread, question, poll or work was published and still stands after a day."""
    REPLY_POSTED = "reply.posted"
    """Somebody else was answered, in more than a few characters."""
    ITEM_IMPROVED = "item.improved"
    """An item got a substantially better wording."""
    PERSON_INTRODUCED = "person.introduced"
    """⇒ Two others were brought together, and one wrote to the other."""
    QUESTION_REFERRED = "question.referred"
    """⇒ A question was passed to somebody, who took it."""
    ITEM_POINTED = "item.pointed"
    """⇒ An answer to a request links to an item, which the asker opened."""
    MEMBER_BROUGHT = "member.brought"
    """⇒ Somebody was named in a thread they had not been in, and joined it."""
    ITEM_SHARED = "item.shared"
    """⇒ Somebody else's item was brought to another community, where it was opened."""
    DIGEST_PUBLISHED = "digest.published"
    """A post names items of at least two other authors."""
    ITEM_ENDORSED = "item.endorsed"
    """Somebody else's item was rated, found helpful, endorsed or specially mentioned. Weak."""
    NEWCOMER_WELCOMED = "newcomer.welcomed"
    """Within seven days, the first answer to somebody's first item ever."""
    CARE_REQUEST = "care.request"
    """A request was answered, or given to somebody, after two days without an answer."""
    CARE_MODERATED = "care.moderated"
    """⇒ A flag that was upheld, a decision, a thread moved, merged, pinned or closed."""
    CARE_GOVERNED = "care.governed"
    """Rules, targets and topics looked after; an office hour that somebody came to."""


ROLE_OF: Mapping[Kind, Role] = MappingProxyType(
    {
        Kind.ITEM_OPENED: Role.CONSUMER,
        Kind.SEARCH_USED: Role.CONSUMER,
        Kind.ITEM_KEPT: Role.CONSUMER,
        Kind.HELP_ASKED: Role.CONSUMER,
        Kind.ITEM_POSTED: Role.CREATOR,
        Kind.REPLY_POSTED: Role.CREATOR,
        Kind.ITEM_IMPROVED: Role.CREATOR,
        Kind.PERSON_INTRODUCED: Role.CONNECTOR,
        Kind.QUESTION_REFERRED: Role.CONNECTOR,
        Kind.ITEM_POINTED: Role.CONNECTOR,
        Kind.MEMBER_BROUGHT: Role.CONNECTOR,
        Kind.ITEM_SHARED: Role.CARRIER,
        Kind.DIGEST_PUBLISHED: Role.CARRIER,
        Kind.ITEM_ENDORSED: Role.CARRIER,
        Kind.NEWCOMER_WELCOMED: Role.CARETAKER,
        Kind.CARE_REQUEST: Role.CARETAKER,
        Kind.CARE_MODERATED: Role.CARETAKER,
        Kind.CARE_GOVERNED: Role.CARETAKER,
    }
)
"""To which role each kind belongs."""

WEAK = frozenset({Kind.ITEM_ENDORSED})
"""Kinds of which at most one a day counts, and which alone make nobody act in a role."""

AWAITS = frozenset(
    {
        Kind.SEARCH_USED,
        Kind.PERSON_INTRODUCED,
        Kind.QUESTION_REFERRED,
        Kind.ITEM_POINTED,
        Kind.MEMBER_BROUGHT,
        Kind.ITEM_SHARED,
        Kind.CARE_MODERATED,
    }
)
"""Kinds that count once somebody took them up."""


@dataclass(frozen=True)
class Bar:
    """What it takes to act in a role within a window."""

    days: int
    """Distinct days with evidence."""
    others: int
    """Distinct people whom the acts served."""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """How much evidence makes somebody act in a role."""

    bars: Mapping[Role, Bar]
    sustained: Bar = Bar(4, 3)
    """What is sustained, in every role."""

    @classmethod
    def same(cls, days: int, others: int) -> "Rule":
        """The same bar for every role, for asking whether another one would change a verdict."""
        return cls(bars=dict.fromkeys(Role, Bar(days, others)))


RULE = Rule(
    bars=MappingProxyType({role: Bar(3 if role is Role.CONSUMER else 2, 2) for role in Role}),
)
"""The rule of ``roles/1``: two days and two people, for Consumers three days."""


@dataclass(frozen=True, kw_only=True)
class Definition:
    """The other parameters of ``roles/1``."""

    version: str = VERSION
    window_days: int = 28
    enrolled_days: int = 14
    """Of the window, for how many somebody has to be enrolled to be one of its members."""
    undo: timedelta = timedelta(minutes=10)
    """What is taken back within this time was never done."""
    stands: timedelta = timedelta(hours=24)
    """How long an item has to stand before its author may remove it without its never having been there."""
    search_leads: timedelta = timedelta(minutes=10)
    short_reply: int = 10
    """Characters up to which a reply is none."""
    edit_characters: int = 40
    edit_share: float = 0.1
    """An edit improves an item if it changes this many characters, or this share of them."""
    edits_merge: timedelta = timedelta(minutes=30)
    welcome: timedelta = timedelta(days=7)
    unanswered: timedelta = timedelta(hours=48)
    uptake: timedelta = timedelta(days=7)
    """How long an act may wait to be taken up; the last days of a window are still filling for as long."""
    openers: int = 20
    """People who opened an item that count for its author, at most."""
    lone_ties: int = 3
    """Pieces of evidence from each of two for the other, in things that nobody else touched, from which on these do not
    count."""
    rule: Rule = field(default_factory=lambda: RULE)


ROLES_1 = Definition()
"""The definition in force."""

LEAST_MEMBERS = 10
"""Below so many members there are no shares at all: counts of acts only."""

"""Trying a policy out on the past: what it would have said about the posts of the last 90 days, before it counts."""

import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select, true
from sqlalchemy.orm import Session, aliased

from lmssocial.core.hooks import (
    Answer,
    Level,
    Need,
    RecentPost,
    ReplyTo,
    Ruling,
    Standing,
    Submission,
    Verdict,
)
from lmssocial.core.kernel import clock
from lmssocial.lms.identity.models import Membership, User
from lmssocial.lms.identity.roles import STAFF
from lmssocial.social.communities.models import Community
from lmssocial.social.content.markdown import render
from lmssocial.social.content.models import Contribution, State
from lmssocial.social.moderation import context, tiers
from lmssocial.social.moderation.decisions import AGAINST
from lmssocial.social.moderation.models import Backtest, Case, CaseState, Flag, FlagState
from lmssocial.social.plugin_settings.sealing import without_secrets

_SecondLook = aliased(Case)

DAYS = 90
"""How far a backtest looks back."""
AT_MOST = 2000
"""Contributions it looks at, the newest ones."""
EXAMPLES = 10
"""Contributions it names."""
GIVES_UP_AFTER = 10
"""Failures in a row after which it stops: the rest would fail, too."""

AskOne = Callable[[Submission], Answer | None]
"""Asks the one policy that is tried out."""

Answered = Callable[[Sequence[int]], Mapping[int, ReplyTo]]
"""What each of some contributions answers, for those that answer something."""


@dataclass(frozen=True, kw_only=True)
class Trial:
    """What is tried out, and where."""

    policy: str
    version: str
    level: Level
    place_id: int
    settings: Any
    """The policy's settings there, as its dataclass; ``None`` if it has none."""
    secrets: frozenset[str] = frozenset()
    """Those of them of which only is kept whether there is one."""
    needs: frozenset[Need] = frozenset()
    seconds: float = 10.0
    """How long it may take."""

    @property
    def values(self) -> dict[str, Any]:
        """The settings as they are kept with the result."""
        return {} if self.settings is None else jsonable(without_secrets(self.secrets, asdict(self.settings)))


def jsonable(values: Mapping[str, Any]) -> dict[str, Any]:
    """Settings as they look after a way through JSON: tuples are lists."""
    return {key: list(value) if isinstance(value, tuple) else value for key, value in values.items()}


@dataclass
class _Tally:
    looked_at: int = 0
    failed: int = 0
    in_a_row: int = 0
    advised: int = 0
    held: list[int] = field(default_factory=list)

    def count(self, contribution_id: int, answer: Answer | None, ruling: Ruling) -> None:
        self.looked_at += 1
        if answer is not None and answer.error is not None:
            self.failed += 1
            self.in_a_row += 1
            return
        self.in_a_row = 0
        if ruling >= Ruling.REDACT:
            self.held.append(contribution_id)
        elif ruling is Ruling.ANNOTATE:
            self.advised += 1


def run(
    session: Session, ask: AskOne, answered: Answered, trial: Trial, *, ran_by_id: int | None = None
) -> Backtest:
    """Ask a policy about the past. A constant number of queries, and nothing is written.

    It takes seconds: ``session.add`` what it gives within a unit of work of its own, so that nobody waits for it.
    """
    deadline = time.monotonic() + trial.seconds
    tally, complete = _Tally(), True
    for community, contribution, submission in _past(session, answered, trial):
        if time.monotonic() > deadline or tally.in_a_row >= GIVES_UP_AFTER:
            complete = False
            break
        answer = ask(submission)
        ruling = Ruling.ALLOW
        if answer is not None and isinstance(answer.value, Verdict):
            ruling = tiers.cap(community.tier, submission.moment, answer.value)
        tally.count(contribution.id, answer, ruling)
    flagged, upheld = _in_hindsight(session, tally.held)
    return Backtest(
        policy=trial.policy,
        version=trial.version,
        level=trial.level,
        place_id=trial.place_id,
        values=trial.values,
        days=DAYS,
        looked_at=tally.looked_at,
        would_hold=len(tally.held),
        would_advise=tally.advised,
        failed=tally.failed,
        of_them_flagged=flagged,
        of_them_upheld=upheld,
        complete=complete,
        examples={"ids": tally.held[::-1][:EXAMPLES]},
        ran_by_id=ran_by_id,
        at=clock.now(),
    )


def _past(
    session: Session, answered: Answered, trial: Trial
) -> Iterator[tuple[Community, Contribution, Submission]]:
    """The contributions of the place, oldest first, as the policy would have seen them then."""
    since = clock.now() - timedelta(days=DAYS)
    rows = session.execute(
        select(Contribution, Community, User.name)
        .join(Community, Community.id == Contribution.community_id)
        .join(User, User.id == Contribution.author_id)
        .where(_within(trial), Contribution.created_at > since, Contribution.state != State.REMOVED)
        .order_by(Contribution.id.desc())
        .limit(AT_MOST)
    ).all()
    replies = answered([row.Contribution.id for row in rows])
    history = _History(_published_before(session, trial, since))
    names = _staff_names(session, trial) if Need.STAFF_NAMES in trial.needs else {}
    for row in reversed(rows):
        contribution, community = row.Contribution, row.Community
        yield (
            community,
            contribution,
            _as_seen_then(
                contribution,
                community,
                row.name,
                history,
                replies.get(contribution.id),
                names.get(community.id, ()),
            ),
        )
        history.add(contribution)


def _within(trial: Trial) -> ColumnElement[bool]:
    if trial.level is Level.TENANT:
        return Contribution.tenant_id == trial.place_id
    if trial.level is Level.COURSE:
        return Community.course_id == trial.place_id
    return true()


def _as_seen_then(
    contribution: Contribution,
    community: Community,
    name: str,
    history: "_History",
    reply_to: ReplyTo | None,
    staff_names: tuple[str, ...],
) -> Submission:
    cooked = render(contribution.source)
    if reply_to is not None:
        before = history.published(community.id, reply_to.author_id)
        reply_to = replace(reply_to, author_published=before)
    return Submission(
        kind=contribution.kind,
        tenant_id=contribution.tenant_id,
        community_id=contribution.community_id,
        author_id=contribution.author_id,
        author_role=contribution.author_role,
        title=contribution.title,
        source=contribution.source,
        text=cooked.text,
        links=cooked.links,
        author_name=name,
        at=contribution.created_at,
        tier=community.tier.value,
        ground_rules=tuple(line.strip() for line in community.ground_rules.splitlines() if line.strip()),
        reply_to=reply_to,
        standing=history.standing(contribution),
        staff_names=tuple(one for one in staff_names if one != name),
    )


class _History:
    """What had been published up to a moment, while the past is gone through."""

    def __init__(self, published: Mapping[tuple[int, int], int]) -> None:
        self._published: dict[tuple[int, int], int] = defaultdict(int, published)
        self._recent: dict[tuple[int, int], deque[tuple[datetime, str, str]]] = defaultdict(
            lambda: deque(maxlen=context.AT_MOST)
        )

    def published(self, community_id: int, author_id: int) -> int:
        return self._published[community_id, author_id]

    def standing(self, contribution: Contribution) -> Standing:
        key, now = (contribution.community_id, contribution.author_id), contribution.created_at
        recent = tuple(
            RecentPost(seconds_ago=(now - at).total_seconds(), kind=kind, source=source)
            for at, kind, source in reversed(self._recent[key])
            if now - at <= context.RECENT
        )
        return Standing(published=self._published[key], recent=recent)

    def add(self, contribution: Contribution) -> None:
        key = (contribution.community_id, contribution.author_id)
        self._recent[key].append((contribution.created_at, contribution.kind, contribution.source))
        if contribution.state is State.PUBLISHED:
            self._published[key] += 1


def _published_before(session: Session, trial: Trial, since: datetime) -> dict[tuple[int, int], int]:
    rows = session.execute(
        select(Contribution.community_id, Contribution.author_id, func.count())
        .join(Community, Community.id == Contribution.community_id)
        .where(_within(trial), Contribution.created_at <= since, Contribution.state == State.PUBLISHED)
        .group_by(Contribution.community_id, Contribution.author_id)
    )
    return {(community_id, author_id): count for community_id, author_id, count in rows}


def _staff_names(session: Session, trial: Trial) -> dict[int, tuple[str, ...]]:
    found: dict[int, list[str]] = defaultdict(list)
    place: ColumnElement[bool] = true()
    if trial.level is Level.TENANT:
        place = Community.tenant_id == trial.place_id
    elif trial.level is Level.COURSE:
        place = Community.course_id == trial.place_id
    for community_id, name in session.execute(
        select(Community.id, User.name)
        .join(Membership, Membership.course_id == Community.course_id)
        .join(User, User.id == Membership.user_id)
        .where(place, Membership.lead_role.in_(STAFF))
    ):
        found[community_id].append(name)
    return {community_id: tuple(names) for community_id, names in found.items()}


def _in_hindsight(session: Session, ids: Sequence[int]) -> tuple[int, int]:
    """How many of some contributions somebody flagged, and how many a moderator acted against.

    What a second look did not bear out does not count.
    """
    if not ids:
        return 0, 0
    flagged = session.scalar(
        select(func.count(func.distinct(Flag.contribution_id))).where(Flag.contribution_id.in_(ids))
    )
    overturned = select(_SecondLook.appeal_of_id).where(
        _SecondLook.contribution_id.in_(ids),
        _SecondLook.appeal_of_id.is_not(None),
        _SecondLook.state == CaseState.APPROVED,
    )
    decided = select(Case.contribution_id).where(
        Case.contribution_id.in_(ids), Case.state.in_(AGAINST), Case.id.not_in(overturned)
    )
    upheld = select(Flag.contribution_id).where(Flag.contribution_id.in_(ids), Flag.state == FlagState.UPHELD)
    acted = session.scalar(
        select(func.count(func.distinct(Contribution.id))).where(
            or_(Contribution.id.in_(decided), Contribution.id.in_(upheld))
        )
    )
    return flagged or 0, acted or 0

"""Setting an activity up, and opening it. Nothing here commits."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy.orm import Session

from lmssocial.core.activity import record
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import Conflict, Invalid
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.widgets.peer_rating import access, activities
from lmssocial.widgets.peer_rating.activities import Running
from lmssocial.widgets.peer_rating.events import ActivityConfigured
from lmssocial.widgets.peer_rating.examples.service import follow_rubric
from lmssocial.widgets.peer_rating.models import Phase
from lmssocial.widgets.peer_rating.settings import PeerSettings
from lmssocial.widgets.peer_rating.setup.drafts import SetupDraft, fingerprint
from lmssocial.widgets.peer_rating.setup.queries import standing_of
from lmssocial.widgets.peer_rating.setup.rules import SCORES_REST_ON, Standing, fixed, problems

NAMES = frozenset({"identity", "identity_reason", "reveal"})
"""The settings that say whose names are hidden, why, and for how long."""


@dataclass(frozen=True, kw_only=True)
class Configured:
    """What came of it."""

    changed: tuple[str, ...]
    """The names of the settings that are different now; ``title`` among them."""
    retired: int = 0
    """Examples that were taken out of use, because they do not fit the new rubric."""


def configure(session: Session, actor: Actor, placement_id: int, draft: SetupDraft) -> Configured:
    """Set an activity.

    :raises NotFound: if the actor's community has none there.
    :raises NotAllowed: unless they are staff.
    :raises Conflict: if somebody else changed it since, or something that cannot be changed any more is different.
    :raises Invalid: if learners could not work with it.
    """
    access.require_runs(actor)
    activities.running(session, actor, placement_id)
    running = activities.locked(session, placement_id)
    placement, before, after = running.placement, running.settings, draft.settings
    if draft.seen != fingerprint(placement.title, before):
        raise Conflict(
            _(
                "Somebody else changed these settings while you had the page open, so nothing was saved. "
                "Everything you typed is still here: save it again if yours shall stand."
            )
        )
    standing = standing_of(session, running)
    changed = _changed(before, after)
    _require_good(before, after, standing, changed, opening=False)
    placement.settings = {**placement.settings, **after.as_json()}
    if placement.title != draft.title:
        placement.title = draft.title
        changed = ("title", *changed)
    # What the picker asked for is where the task begins, and the page shows it as such.
    placement.intro = ""
    retired = follow_rubric(session, placement_id, before.rubric, after.rubric) if "rubric" in changed else 0
    if changed:
        _note(session, actor, running, after, changed)
    return Configured(changed=changed, retired=retired)


def open_it(session: Session, actor: Actor, placement_id: int) -> Phase:
    """Let learners begin, now or on the day on which it opens; says which.

    :raises NotFound: if the actor's community has no activity there.
    :raises NotAllowed: unless they are staff.
    :raises Conflict: if it is open.
    :raises Invalid: if learners could not work with its settings.
    """
    access.require_runs(actor)
    activities.running(session, actor, placement_id)
    running = activities.locked(session, placement_id)
    standing = standing_of(session, running)
    if not standing.is_draft:
        raise Conflict(_("Somebody else has opened it already."))
    _require_good(running.settings, running.settings, standing, (), opening=True)
    activities.enter(session, running, Phase.PUBLISHED, actor=actor)
    opens_at = running.settings.opens_at
    if opens_at is None or opens_at <= clock.now():
        activities.enter(session, running, Phase.SUBMIT, actor=actor)
    return running.phase


def _changed(before: PeerSettings, after: PeerSettings) -> tuple[str, ...]:
    stored, wanted = before.as_json(), after.as_json()
    return tuple(name for name, value in wanted.items() if value != stored[name])


def _require_good(
    before: PeerSettings, after: PeerSettings, standing: Standing, changed: Collection[str], *, opening: bool
) -> None:
    """:raises Conflict: if something is different that must not be. :raises Invalid: if something is wrong."""
    bound = fixed(standing)
    late = [bound[name] for name in changed if name in bound]
    if late:
        raise Conflict(
            _("The activity went on while you had this page open, so nothing was saved.") + " " + late[0]
        )
    wrong = problems(before, after, standing, opening=opening, now=clock.now())
    if wrong:
        raise Invalid(" ".join(wrong.values()))


def _note(
    session: Session, actor: Actor, running: Running, after: PeerSettings, changed: Collection[str]
) -> None:
    placement_id = running.placement.id
    if NAMES & set(changed):
        activities.once(
            session,
            placement_id,
            f"names:{clock.now().isoformat()}",
            running.activity.epoch,
            by_id=actor.user_id,
            reason=after.identity_reason,
            facts={"identity": after.identity, "reveal": after.reveal},
        )
    if SCORES_REST_ON & set(changed):
        running.activity.scores_stale = True
    activities.look_again(running.activity)
    record(session, ActivityConfigured(**actor.envelope, placement_id=placement_id, changed=list(changed)))

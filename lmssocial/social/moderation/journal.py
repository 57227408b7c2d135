"""The log of moderation: who did what, when and why. Lines are added; the database refuses everything else."""

from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.moderation.models import Case, Deed, Entry


def write(session: Session, actor: Actor, deed: Deed, *, note: str = "", by_machine: bool = False) -> None:
    """Write down something about the actor's community as a whole."""
    _add(session, actor, deed, note, by_machine=by_machine)


def write_of(
    session: Session, actor: Actor, case: Case, deed: Deed, *, note: str = "", by_machine: bool = False
) -> None:
    """Write down something about a case; its id is known.

    :param by_machine: whether nobody decided it, though the actor's request brought it about.
    """
    _add(
        session,
        actor,
        deed,
        note,
        by_machine=by_machine,
        case_id=case.id,
        contribution_id=case.contribution_id,
    )


def _add(
    session: Session,
    actor: Actor,
    deed: Deed,
    note: str,
    *,
    by_machine: bool,
    case_id: int | None = None,
    contribution_id: int | None = None,
) -> None:
    session.add(
        Entry(
            tenant_id=actor.tenant_id,
            community_id=actor.community_id,
            case_id=case_id,
            contribution_id=contribution_id,
            deed=deed,
            actor_id=None if by_machine else actor.user_id,
            note=note,
            at=clock.now(),
        )
    )

"""Taking a sign-in along into a new tab: browsers keep a frame's cookies apart from those of a tab.

The frame asks for a code, the tab redeems it within a minute, once. The code is the only secret that ever stands in
an address, and it is worthless afterwards.
"""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from lmssocial.core.db.upsert import insert_if_absent
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import Gone
from lmssocial.core.kernel.secrets import new_token, token_hash
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import Handover, WebSession

GOOD_FOR = timedelta(seconds=60)
"""How long a code may be redeemed."""


@dataclass(frozen=True)
class Landing:
    """Where a tab goes on."""

    placement_id: int


def begin(session: Session, actor: Actor, placement_id: int) -> str:
    """A code that takes the actor's sign-in to another tab."""
    code = new_token()
    session.add(
        Handover(
            code_hash=token_hash(code),
            web_session_id=actor.session_id,
            placement_id=placement_id,
            expires_at=clock.now() + GOOD_FOR,
        )
    )
    return code


def redeem(session: Session, code: str, browser: str) -> Landing:
    """Sign ``browser`` in as the person who asked for ``code``, for as long as they are in their frame.

    :param browser: the token in the new tab's cookie.
    :raises Gone: if the code was used, is older than a minute, or never was.
    """
    taken = session.execute(
        delete(Handover)
        .where(Handover.code_hash == token_hash(code), Handover.expires_at > clock.now())
        .returning(Handover.web_session_id, Handover.placement_id)
        .execution_options(synchronize_session=False)
    ).first()
    original = None if taken is None else session.get(WebSession, taken.web_session_id)
    if taken is None or original is None or original.expires_at <= clock.now():
        raise Gone(
            _(
                "This link was used already, or it is older than a minute. "
                "Go back to your course and use the button there again."
            ),
            title=_("This link is used up"),
            reason="hand-over code unknown, used or expired",
        )
    _sign_in(session, original, token_hash(browser))
    return Landing(taken.placement_id)


def sweep(session: Session) -> int:
    """Remove codes nobody redeemed; give how many."""
    gone = session.execute(
        delete(Handover)
        .where(Handover.expires_at <= clock.now())
        .returning(Handover.code_hash)
        .execution_options(synchronize_session=False)
    )
    return len(gone.all())


def _sign_in(session: Session, original: WebSession, browser_hash: str) -> None:
    """A row for the tab like the frame's; whoever was signed in there before goes, with every form made for them."""
    if browser_hash == original.browser_hash:
        return  # this browser does not keep the two apart
    session.execute(
        delete(WebSession)
        .where(
            WebSession.browser_hash == browser_hash,
            WebSession.course_id == original.course_id,
            WebSession.membership_id != original.membership_id,
        )
        .execution_options(synchronize_session=False)
    )
    insert_if_absent(
        session,
        WebSession,
        {
            "browser_hash": browser_hash,
            "course_id": original.course_id,
            "membership_id": original.membership_id,
            "registration_id": original.registration_id,
            "locale": original.locale,
            "return_url": original.return_url,
            "created_at": clock.now(),
            "expires_at": original.expires_at,
        },
        [WebSession.browser_hash, WebSession.course_id],
    )
    row = session.scalars(
        select(WebSession).where(
            WebSession.browser_hash == browser_hash, WebSession.course_id == original.course_id
        )
    ).one()
    row.expires_at = max(row.expires_at, original.expires_at)

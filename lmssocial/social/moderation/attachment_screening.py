"""What policies say about files: asked when a file is handed in, counted when the post that shows it is.

A file is looked at once, before it is stored. What was said is kept with it, so that the post it ends up in waits for
the same reason, and its author, moderators and the log of verdicts read the same sentence.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace

from sqlalchemy.orm import Session

from lmssocial.core.db import JsonObject
from lmssocial.core.hooks import Attachment as HandedIn
from lmssocial.core.hooks import Concern, Moment, Ruling, Stance, Verdict
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.content.attachment_models import Attachment, FileState
from lmssocial.social.content.media import Refused
from lmssocial.social.content.uploads import Upload
from lmssocial.social.moderation.screening import POLICY_FAILED, Ask, Circle, Screening, Vote, tally
from lmssocial.social.plugin_settings import breaker

HOOK = "lmssocial_screen_attachment"

ScreenFile = Callable[[HandedIn], Screening]
"""How a file is judged without knowing by whom."""


def screen_file_with(ask: Ask, circle: Circle) -> ScreenFile:
    """Asks every policy of ``circle`` about a file."""

    def screen(file: HandedIn) -> Screening:
        if not circle.policies and not circle.missing:
            return Screening()
        answers = ask(HOOK, circle.policies, {"attachment": file}) if circle.policies else ()
        return tally(circle, Moment.CREATE, answers)

    return screen


def handed_in(actor: Actor, upload: Upload, name: str) -> HandedIn:
    """A file as policies see it: the very bytes that came, under the tidied name."""
    return HandedIn(
        tenant_id=actor.tenant_id,
        community_id=actor.community_id,
        author_id=actor.user_id,
        author_role=actor.lead_role,
        name=name,
        declared_type=upload.declared_type,
        data=upload.data,
        alt=upload.alt,
        author_offices=frozenset(office.value for office in actor.offices),
    )


def require_not_refused(screening: Screening) -> None:
    """Go on with a file that no policy refuses.

    :raises Refused: with the sentences of those that do, and what would pass.
    """
    if screening.ruling is Ruling.REJECT:
        refusing = [vote for vote in screening.votes if vote.ruling is Ruling.REJECT]
        said = [text for vote in refusing for text in (vote.verdict.message, vote.verdict.suggestion)]
        sentences = dict.fromkeys(str(text) for text in said if text)
        names = ", ".join(f"{vote.policy} ({vote.verdict.reason})" for vote in refusing)
        raise Refused(" ".join(sentences), reason=f"refused by {names}")


def note_failures(session: Session, actor: Actor, screening: Screening) -> None:
    """Count policies that did not answer, so that one which keeps failing is switched off and shown."""
    if screening.failures:
        breaker.note_failures(session, actor.tenant_id, HOOK, screening.failures)


def kept(screening: Screening) -> list[JsonObject]:
    """What was said about a file, to be kept with it and to count once a post shows it."""
    return [
        {**vote.as_json(), "stance": vote.stance.value, "approvals": vote.verdict.approvals}
        for vote in (*screening.votes, *screening.shadows)
    ]


def with_files(screening: Screening, files: Iterable[Attachment]) -> Screening:
    """``screening`` of a post together with what was said about the files it shows.

    A file that was published before was accepted then, by the policies or by a moderator; it is not judged again.
    """
    said = [vote for file in files if file.state is not FileState.PUBLISHED for vote in _votes(file)]
    if not said:
        return screening
    votes = [*screening.votes, *(vote for vote in said if vote.stance is not Stance.SHADOW)]
    votes.sort(key=lambda vote: (-vote.ruling, vote.policy))
    unsure = any(vote.verdict.reason == POLICY_FAILED and vote.ruling < Ruling.HOLD for vote in votes)
    return replace(
        screening,
        votes=tuple(votes),
        shadows=(*screening.shadows, *(vote for vote in said if vote.stance is Stance.SHADOW)),
        look_later=screening.look_later or unsure,
    )


def _votes(file: Attachment) -> Iterable[Vote]:
    for said in file.verdicts.get("verdicts", ()):
        verdict = Verdict(
            ruling=Ruling[said["ruling"].upper()],
            reason=said["reason"],
            message=said["message"],
            rule=said["rule"],
            suggestion=said["suggestion"],
            confidence=said["confidence"],
            concern=Concern(said["concern"]),
            approvals=said["approvals"],
        )
        effective = Ruling[said["effective"].upper()]
        yield Vote(said["policy"], verdict, Stance(said["stance"]), effective, said["version"])

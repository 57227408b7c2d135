"""One case in full: its words with what the policies marked, its verdicts, what changed before, and its log."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from lmssocial.lms.identity.actor import Actor
from lmssocial.social.content import writing
from lmssocial.social.content.diff import Passage, changes
from lmssocial.social.moderation import cases, logbook
from lmssocial.social.moderation.logbook import LogLine
from lmssocial.social.moderation.reasons import Piece, marked, objections
from lmssocial.social.moderation.views import Row


@dataclass(frozen=True, kw_only=True)
class Examined:
    """What the page of a case shows beyond the desk."""

    pieces: tuple[Piece, ...]
    """The wording the case is about, as it was written, what the policies objected to marked."""
    is_present: bool
    """Whether that is what the contribution says now, but for words that the case took out of it."""
    verdicts: Sequence[dict[str, Any]]
    changed: tuple[Passage, ...]
    """What the last change did to the words; empty if there was none."""
    log: Sequence[LogLine]


def examine(session: Session, actor: Actor, row: Row) -> Examined:
    """Everything about a case the actor sees. Two queries, however long its history is."""
    case, words = row.case, row.words
    log = logbook.of_contribution(session, actor, case.contribution_id)
    if words is None:
        return Examined(pieces=(), is_present=False, verdicts=case.verdicts["verdicts"], changed=(), log=log)
    earlier = writing.earlier_wordings(session, words.id)
    wordings = [(words.title, words.source), *earlier]
    hashes = [cases.hash_of(*wording) for wording in wordings]
    about = hashes.index(case.source_hash) if case.source_hash in hashes else None
    source = words.source if about is None else wordings[about][1]
    fits = about is not None and not ("left" in case.verdicts and about == 0)
    spans = [span for one in objections(case.verdicts, source) for span in one.spans] if fits else []
    return Examined(
        pieces=marked(source, spans),
        is_present=about in (None, 0) or case.verdicts.get("left") == hashes[0],
        verdicts=case.verdicts["verdicts"],
        changed=changes(earlier[0][1], words.source) if earlier else (),
        log=log,
    )

"""What people write beside a mark: one sentence, which others read at once, so the policies are asked before."""

from lmssocial.core.hooks import Ruling
from lmssocial.core.kernel.errors import Invalid
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.content import writing
from lmssocial.social.content.drafts import Writing
from lmssocial.social.content.markdown import render
from lmssocial.social.content.text import is_blank, tidy_line
from lmssocial.social.moderation.screening import Screen

LONGEST = 300
"""Characters of a sentence."""


class Unfit(Invalid):
    """A policy does not let the sentence be read by others; whoever wrote it keeps it and hears why."""


def fit(screen: Screen, actor: Actor, kind: str, sentence: str) -> str:
    """``sentence`` as it is published: on one line, and with nothing in it that a policy would hold back.

    Nobody waits for a moderator because of a sentence: what would be held is said again in other words.

    :param kind: what it is, as policies know it: ``engagement.special_mention``.
    :raises Invalid: if it is blank or too long.
    :raises Unfit: if a policy would not publish it as it is.
    """
    sentence = tidy_line(sentence)
    if is_blank(sentence):
        raise Invalid(_("Write a sentence first."))
    if len(sentence) > LONGEST:
        raise Invalid(_("At most %(max)d characters, please.", max=LONGEST))
    screening = screen(writing.submission(actor, kind, Writing(source=sentence), render(sentence)))
    if screening.ruling >= Ruling.REDACT:
        reasons = " ".join(screening.messages) or _("Say it in other words.")
        names = ", ".join(vote.policy for vote in screening.votes)
        raise Unfit(
            _("This sentence cannot be published as it is. %(reasons)s", reasons=reasons),
            reason=f"refused by {names}",
        )
    return sentence

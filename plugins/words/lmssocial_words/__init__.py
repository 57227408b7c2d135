"""Words and phrases that an institution does not want, however they are dressed up.

Off until an administrator or an instructor switches it on and writes the list; none comes with it. It looks at the
post that is being written and at nothing else, stores nothing, and abstains unless an entry of the list stands there.
"""

from functools import lru_cache

from lmssocial.plugin import Manifest, Ruling, Span, Submission, Verdict, hookimpl, lazy_gettext
from lmssocial.plugin import gettext as _
from lmssocial_words.entries import Action, read
from lmssocial_words.finding import Hit, find
from lmssocial_words.index import Index
from lmssocial_words.settings import Words, WordsForm

manifest = Manifest(
    name="words",
    title=lazy_gettext("Words and phrases"),
    summary=lazy_gettext("Finds words that your institution does not want, also inflected or disguised."),
    settings=Words,
    settings_form=WordsForm,
)

RULINGS = {Action.ADVISE: Ruling.ANNOTATE, Action.REDACT: Ruling.REDACT, Action.HOLD: Ruling.HOLD}
QUOTED = 3
"""How many different words a sentence for the author names; all of them are marked in the text."""
LONGEST_QUOTE = 60
"""Characters of a word that a sentence repeats."""
MOST_MARKS = 500
"""Places marked one by one; from there on, one mark covers all that follow up to the last."""


@hookimpl
def lmssocial_screen_submission(submission: Submission, settings: Words) -> Verdict | None:
    """Abstain, unless an entry of the list stands in the title or the text."""
    if not settings.entries or submission.author_role in settings.exempt_roles:
        return None
    index = _index(tuple(settings.entries), tuple(settings.languages), leet=settings.leet)
    in_title, in_text = find(submission.title, index), find(submission.source, index)
    if not in_title and not in_text:
        return None
    ruling = _strictest(in_title, in_text, settings)
    spans = _marks([hit for hit in in_text if _counts_for(hit, ruling, settings)])
    quoted = _quoted([(submission.title, in_title), (submission.source, in_text)])
    disguised = all(hit.disguised for hit in (*in_title, *in_text))
    return Verdict(
        ruling=ruling,
        reason="disguised-words" if disguised else "unwanted-words",
        message=_sentence(quoted, only_title=not in_text),
        rule=_rule(submission, settings),
        spans=spans,
        suggestion=_("Say it without %(words)s.", words=quoted),
        confidence=0.8 if disguised else 1.0,
    )


@lru_cache(maxsize=64)
def _index(lines: tuple[str, ...], languages: tuple[str, ...], *, leet: bool) -> Index:
    """The list, arranged once for each setting of it."""
    return Index(read(lines), languages, leet=leet)


def _ruling(hit: Hit, settings: Words) -> Ruling:
    return RULINGS[hit.action or _default(settings)]


def _default(settings: Words) -> Action:
    try:
        return Action(settings.action)
    except ValueError:  # set by another version
        return Action.HOLD


def _strictest(in_title: list[Hit], in_text: list[Hit], settings: Words) -> Ruling:
    """What the strictest entry asks for. A title cannot be covered in part, so it is held instead."""
    rulings = [_ruling(hit, settings) for hit in in_text]
    for hit in in_title:
        ruling = _ruling(hit, settings)
        rulings.append(Ruling.HOLD if ruling is Ruling.REDACT else ruling)
    return max(rulings)


def _counts_for(hit: Hit, ruling: Ruling, settings: Words) -> bool:
    """Whether ``hit`` is marked: all are, except that nothing is covered that only asks for advice."""
    return ruling is not Ruling.REDACT or _ruling(hit, settings) is Ruling.REDACT


def _marks(hits: list[Hit]) -> tuple[Span, ...]:
    """The places of ``hits``, each character marked once."""
    marks: list[Span] = []
    for hit in hits:
        if marks and (hit.start <= marks[-1].end or len(marks) == MOST_MARKS):
            marks[-1] = Span(marks[-1].start, max(marks[-1].end, hit.end))
        else:
            marks.append(Span(hit.start, hit.end))
    return tuple(marks)


def _quoted(found: list[tuple[str, list[Hit]]]) -> str:
    """The first few different places, as their author wrote them: “this”, “that”."""
    said = dict.fromkeys(" ".join(text[hit.start : hit.end].split()) for text, hits in found for hit in hits)
    short = (
        words if len(words) <= LONGEST_QUOTE else f"{words[:LONGEST_QUOTE]}…" for words in list(said)[:QUOTED]
    )
    return _(", ").join(_("“%(words)s”", words=words) for words in short)


def _sentence(quoted: str, *, only_title: bool) -> str:
    if only_title:
        return _("The title has words that are not wanted here: %(words)s.", words=quoted)
    return _("This post has words that are not wanted here: %(words)s.", words=quoted)


def _rule(submission: Submission, settings: Words) -> str:
    if 0 < settings.ground_rule <= len(submission.ground_rules):
        return submission.ground_rules[settings.ground_rule - 1]
    return settings.sentence

"""How the list is set: the dataclass is the schema with its defaults, the form is its editor."""

from dataclasses import dataclass

from wtforms import BooleanField, IntegerField, RadioField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs trail WTForms 3.3
from wtforms.validators import InputRequired, Length, NumberRange, ValidationError

from lmssocial.plugin import LinesField, RoleChecks, SafeForm, SelectMultipleChecks
from lmssocial.plugin import gettext as _
from lmssocial.plugin import lazy_gettext as _l
from lmssocial_words.entries import (
    LONGEST,
    MOST,
    MOST_WORDS,
    SHORTEST_PART,
    Action,
    Fault,
    WrongLineError,
    read_line,
)

LANGUAGES = (
    ("arabic", _l("Arabic")),
    ("dutch", _l("Dutch")),
    ("english", _l("English")),
    ("french", _l("French")),
    ("german", _l("German")),
    ("hindi", _l("Hindi")),
    ("italian", _l("Italian")),
    ("polish", _l("Polish")),
    ("portuguese", _l("Portuguese")),
    ("russian", _l("Russian")),
    ("spanish", _l("Spanish")),
    ("turkish", _l("Turkish")),
)
"""Languages whose inflection can be told, by the names of their Snowball stemmers."""


@dataclass(frozen=True)
class Words:
    """Which words are not wanted, what happens where they stand, and whom that does not concern."""

    entries: tuple[str, ...] = ()
    """Words and phrases, one on each line; see :mod:`lmssocial_words.entries`."""
    action: str = Action.HOLD.value
    """What happens to a post with an entry that does not say it itself."""
    languages: tuple[str, ...] = ("english",)
    """Languages whose inflection counts for entries with a star at the end."""
    leet: bool = True
    """Whether digits and signs are read as the letters they look like."""
    ground_rule: int = 0
    """Which ground rule of the community is quoted to the author, counted from 1; 0: ``sentence``."""
    sentence: str = ""
    """The institution's own rule, quoted if no ground rule is chosen or the community has none of that number."""
    exempt_roles: tuple[str, ...] = ()
    """Leading LMS roles whose posts are not looked at."""


class WordsForm(SafeForm):
    """The same for people."""

    entries = LinesField(
        _l("Words and phrases"),
        description=_l(
            "One on each line. A star after a word means its inflected forms too, a star before it any word that ends "
            "in it, a star on both sides any word that has it. “= advise”, “= redact” or “= hold” after an entry says "
            "what happens there. Capitals, accents drawn over letters, look-alike letters and gaps make no difference."
        ),
        most=MOST,
        longest=LONGEST,
        render_kw={"rows": "12", "spellcheck": "false"},
    )
    action = RadioField(
        _l("What happens to a post with one of them"),
        choices=[
            SelectChoice(Action.HOLD.value, _l("It is held until somebody has looked")),
            SelectChoice(Action.REDACT.value, _l("The words are covered for everybody else")),
            SelectChoice(Action.ADVISE.value, _l("It is published, and the author is told")),
        ],
        description=_l(
            "For entries that do not say it themselves. The community's quality tier may allow less."
        ),
    )
    languages = SelectMultipleChecks(
        _l("Languages of inflected forms"),
        choices=LANGUAGES,
    )
    leet = BooleanField(
        _l("Read digits and signs as letters"),
        description=_l("Finds words in which 0 stands for o, 1 for i or l, 3 for e, @ for a, $ for s."),
    )
    ground_rule = IntegerField(
        _l("Ground rule to quote"),
        [
            InputRequired(_l("A number from 0 to 50.")),
            NumberRange(min=0, max=50, message=_l("A number from 0 to 50.")),
        ],
        description=_l("Its number in the community's ground rules. 0 quotes the sentence below instead."),
        render_kw={"inputmode": "numeric"},
    )
    sentence = StringField(
        _l("Your own rule"),
        [Length(max=300, message=_l("At most 300 characters."))],
        description=_l("Quoted to the author where no ground rule is."),
    )
    exempt_roles = RoleChecks(
        _l("Whose posts are not looked at"),
    )

    def validate_entries(self, field: LinesField) -> None:
        """Refuse lines that mean nothing, naming the first of them.

        :raises ValidationError: with what is wrong with it.
        """
        for line in field.data or ():
            try:
                read_line(line)
            except WrongLineError as wrong:
                raise ValidationError(_complaint(wrong.fault, line)) from wrong


def _complaint(fault: Fault, line: str) -> str:
    if fault is Fault.ACTION:
        return _("“%(line)s”: after the equals sign stands hold, advise or redact.", line=line)
    if fault is Fault.STAR:
        return _("“%(line)s”: a star stands at the beginning or the end of one word.", line=line)
    if fault is Fault.SHORT:
        return _(
            "“%(line)s”: a part of words needs at least %(letters)d letters.",
            line=line,
            letters=SHORTEST_PART,
        )
    if fault is Fault.LONG:
        return _("“%(line)s” is too long: a phrase may have %(most)d words.", line=line, most=MOST_WORDS)
    return _("“%(line)s” has no word in it.", line=line)

"""E-mail addresses, telephone, card, bank and identity numbers, before everybody reads them.

Off until an administrator or an instructor switches it on. It looks at the post that is being written and at nothing
else, stores nothing, repeats nothing of what it finds, and abstains unless it finds something.
"""

from lmssocial.plugin import (
    Concern,
    Manifest,
    Ruling,
    Span,
    Submission,
    Verdict,
    hookimpl,
    lazy_gettext,
)
from lmssocial.plugin import gettext as _
from lmssocial_personaldata.found import Kind
from lmssocial_personaldata.searching import Places, search
from lmssocial_personaldata.settings import Action, PersonalData, PersonalDataForm

manifest = Manifest(
    name="personaldata",
    title=lazy_gettext("Personal data"),
    summary=lazy_gettext("Finds e-mail addresses, telephone, card, bank and identity numbers in posts."),
    settings=PersonalData,
    settings_form=PersonalDataForm,
)

RULINGS = {Action.ADVISE: Ruling.ANNOTATE, Action.REDACT: Ruling.REDACT, Action.HOLD: Ruling.HOLD}
REASONS = {
    Kind.EMAIL: "email-address",
    Kind.PHONE: "telephone-number",
    Kind.CARD: "card-number",
    Kind.BANK: "bank-account-number",
    Kind.IDENTITY: "identity-number",
}
"""Kind → the reason of a verdict that is about nothing else; ``personal-data`` where it is about several."""


@hookimpl
def lmssocial_screen_submission(submission: Submission, settings: PersonalData) -> Verdict | None:
    """Abstain, unless there is personal data in the title or the text."""
    if submission.author_role in settings.exempt_roles:
        return None
    in_title, in_text = search(submission.title, settings), search(submission.source, settings)
    if not in_title.kinds and not in_text.kinds:
        return None
    kinds = [kind for kind in Kind if kind in in_title.kinds or kind in in_text.kinds]
    return Verdict(
        ruling=_ruling(settings, in_title),
        reason=REASONS[kinds[0]] if len(kinds) == 1 else "personal-data",
        message=_sentence(kinds, only_title=not in_text.kinds),
        spans=tuple(Span(start, end) for start, end in in_text.marks),
        suggestion=_("Leave it out. Here, people reach you by replying to your post."),
        confidence=max(in_title.confidence, in_text.confidence),
        concern=Concern.PERSONAL_DATA,
    )


def _ruling(settings: PersonalData, in_title: Places) -> Ruling:
    """What was set. A title cannot be covered in part, so it is held instead."""
    try:
        ruling = RULINGS[Action(settings.action)]
    except ValueError:  # set by another version
        ruling = Ruling.HOLD
    return Ruling.HOLD if in_title.kinds and ruling is Ruling.REDACT else ruling


def _sentence(kinds: list[Kind], *, only_title: bool) -> str:
    """What was found, without repeating it: the sentence travels further than the post."""
    names = {
        Kind.EMAIL: _("an e-mail address"),
        Kind.PHONE: _("a telephone number"),
        Kind.CARD: _("a card number"),
        Kind.BANK: _("a bank account number"),
        Kind.IDENTITY: _("an identity number"),
    }
    found = _(", ").join(names[kind] for kind in kinds)
    if only_title:
        return _("There is personal data in the title: %(found)s.", found=found)
    return _("There is personal data in this post: %(found)s.", found=found)

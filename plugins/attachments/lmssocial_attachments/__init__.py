"""Looks into files before they are attached.

Refuses what is dangerous, whoever attaches it: viruses that ClamAV knows, files that are not what their name says or
two things at once, PDFs and documents that run something. Holds what a person should see first: pictures with a code
that leads somewhere, and files nobody can look into. Stores nothing.
"""

from lmssocial.plugin import Attachment, Concern, Manifest, Ruling, Verdict, hookimpl, lazy_gettext
from lmssocial.plugin import gettext as _
from lmssocial_attachments import clamd, codes, kinds
from lmssocial_attachments.disguises import Finding, look
from lmssocial_attachments.settings import PICTURES, FileRules, FileRulesForm

manifest = Manifest(
    name="attachments",
    title=lazy_gettext("Attached files"),
    summary=lazy_gettext(
        "Refuses viruses and disguised files, and holds pictures with QR codes until somebody has looked."
    ),
    settings=FileRules,
    settings_form=FileRulesForm,
)


@hookimpl
def lmssocial_screen_attachment(attachment: Attachment, settings: FileRules) -> Verdict | None:
    """What is dangerous is refused; what nobody can judge but a person is held; the rest is no concern of ours.

    :raises ScannerError: if the virus scanner gives no answer; then the quality tier decides.
    """
    refused = _refused(attachment, settings)
    if refused is not None:
        return refused
    if attachment.author_role in settings.trusted_roles:
        return None
    return _held(attachment, settings)


def _refused(file: Attachment, settings: FileRules) -> Verdict | None:
    kind = kinds.claimed(file.name)
    if kind == kinds.UNKNOWN or kind not in settings.kinds:
        return _refusal(
            settings, "kind", _("Files of this kind are not attached here."), _what_is_taken(settings)
        )
    if kinds.found(file.data) != kind:
        sentence = _("What is in this file is not what its name says, so it was not attached.")
        return _refusal(settings, "forged-type", sentence, _save_anew())
    finding = look(kind, file.data)
    if finding in _DANGEROUS:
        return _refusal(settings, finding.value, str(_DANGEROUS[finding]), _save_anew())
    scanner = clamd.configured()
    virus = scanner.scan(file.data) if scanner else ""
    if virus:
        sentence = _(
            "The virus scanner found %(virus)s in this file, so it was not attached.", virus=_shortened(virus)
        )
        return _refusal(
            settings, "virus", sentence, _("Have your computer checked before you attach anything from it.")
        )
    return None


def _held(file: Attachment, settings: FileRules) -> Verdict | None:
    if kinds.hides_program(file.name):
        return _hold(
            settings,
            "double-extension",
            _(
                "The name of this file looks like that of a program. A moderator looks at it before others do."
            ),
        )
    kind = kinds.claimed(file.name)
    finding = look(kind, file.data)
    if finding is not None:
        return _hold(settings, finding.value, str(_OPAQUE[finding]))
    if kind != PICTURES or not settings.codes:
        return None
    try:
        links = codes.links(file.data)
    except codes.UnreadableError:
        return _hold(
            settings,
            "unreadable-picture",
            _("This picture could not be checked. A moderator looks at it before others do."),
        )
    leading = [link for link in links if not codes.is_allowed(link, settings.hosts)]
    if not leading:
        return None
    sentence = _(
        "This picture has a code that leads to %(link)s. A moderator looks at it before others see it.",
        link=_shortened(", ".join(leading)),
    )
    suggestion = _(
        "Write the link into your text, where everybody can see where it leads, and leave the code out."
    )
    return _hold(settings, "code", sentence, suggestion)


_DANGEROUS = {
    Finding.TWO_THINGS: lazy_gettext("Something else is hidden in this file, so it was not attached."),
    Finding.ACTIVE_PDF: lazy_gettext("This PDF runs something when it is opened, so it was not attached."),
    Finding.MACROS: lazy_gettext("This document has macros or loads some, so it was not attached."),
    Finding.BROKEN: lazy_gettext("This document cannot be looked into, so it was not attached."),
}
_OPAQUE = {
    Finding.LOCKED_PDF: lazy_gettext(
        "This PDF is encrypted, so nobody can see what is in it before a moderator has opened it."
    ),
    Finding.FILES_IN_PDF: lazy_gettext(
        "This PDF carries other files. A moderator looks at them before others do."
    ),
}
_LABELS = {value: label for value, label in FileRulesForm.kinds.kwargs["choices"]}  # noqa: C416 – typed as pairs


def _what_is_taken(settings: FileRules) -> str:
    taken = ", ".join(str(_LABELS[kind]) for kind in settings.kinds if kind in _LABELS)
    return _("You can attach: %(kinds)s.", kinds=taken) if taken else ""


def _save_anew() -> str:
    return _("Save it anew in the program that made it, as a plain PDF or picture, and attach that.")


def _shortened(text: str, most: int = 200) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _refusal(settings: FileRules, reason: str, message: str, suggestion: str) -> Verdict:
    return Verdict(
        ruling=Ruling.REJECT,
        reason=reason,
        message=message,
        rule=settings.rule,
        suggestion=suggestion,
        concern=Concern.SAFETY,
    )


def _hold(settings: FileRules, reason: str, message: str, suggestion: str = "") -> Verdict:
    return Verdict(
        ruling=Ruling.HOLD,
        reason=reason,
        message=message,
        rule=settings.rule,
        suggestion=suggestion,
        concern=Concern.ATTACHMENT,
    )

"""Approval before publication, for content with no room for error.

In the quality tiers it is set for, what somebody writes waits until a subject-matter expert who is not its author has
approved it; a procedure waits for two of them. Questions flow, so that nobody has to wait for permission to ask. It
looks at the post and at nothing else, and stores nothing. Nobody is exempt: experts make mistakes as well.
"""

import re

from lmssocial.plugin import Manifest, Moment, Ruling, Submission, Verdict, hookimpl, lazy_gettext
from lmssocial.plugin import gettext as _
from lmssocial_approval.procedures import Procedure, procedure
from lmssocial_approval.settings import Approval, ApprovalForm, What

manifest = Manifest(
    name="approval",
    title=lazy_gettext("Approval before publication"),
    summary=lazy_gettext("An expert approves what is written before others see it; two approve a procedure."),
    settings=Approval,
    settings_form=ApprovalForm,
    stores=lazy_gettext("Nothing. Who approved what is kept by lmssocial itself."),
)

QUESTION_MARKS = ("?", "？", "؟", "⸮", "՞", "፧", "꘏")
"""What a question ends in: Latin, full width, Arabic, reversed, Armenian, Ethiopic and Vai."""
_GREEK = re.compile(r"[\u0370-\u03ff].*;", re.DOTALL)
"""Greek questions end in what looks like a semicolon, and becomes one when text is normalised."""
_CLOSING = " \t\n\"'”’»)]!*_~`"
"""What may still follow the question mark."""


@hookimpl
def lmssocial_screen_submission(submission: Submission, settings: Approval) -> Verdict | None:
    """Hold what has to be approved first."""
    if submission.tier not in settings.tiers or what(submission) not in settings.kinds:
        return None
    found = procedure(submission, settings)
    if settings.questions_pass and is_question(submission) and not found.steps:
        return None
    if found:
        return _procedure(submission, settings, found)
    return Verdict(
        ruling=Ruling.HOLD,
        reason="edit-needs-approval" if submission.is_edit else "needs-approval",
        message=_message(submission),
        rule=settings.rule,
        suggestion=_suggestion(submission, settings),
    )


def what(submission: Submission) -> str:
    """Which of the :class:`What` a submission is; an edit is an edit, whatever is edited."""
    if submission.moment is Moment.EDIT:
        return What.EDITS.value
    return What.THREADS.value if opens_thread(submission) else What.REPLIES.value


def opens_thread(submission: Submission) -> bool:
    """Whether it is the opening of a thread and no reply; an edited one has its title as well."""
    return submission.kind.endswith(".thread")


def is_question(submission: Submission) -> bool:
    """Whether it opens a thread to ask something.

    That is so if the title ends in a question mark, or if a learner wrote it and a line of it does. A reply is none:
    a question back is answered soon, and "Why not just skip step four?" is advice.
    """
    if not opens_thread(submission):
        return False
    if _asks(submission.title):
        return True
    return submission.author_role == "learner" and any(map(_asks, submission.text.splitlines()))


def _asks(line: str) -> bool:
    line = line.rstrip(_CLOSING)
    return line.endswith(QUESTION_MARKS) or (line.endswith(";") and _GREEK.search(line) is not None)


def _message(submission: Submission) -> str:
    if submission.is_edit:
        return _("A subject-matter expert other than you approves what you changed before others see it.")
    return _("A subject-matter expert other than you approves this before others see it.")


def _suggestion(submission: Submission, settings: Approval) -> str:
    if opens_thread(submission) and settings.questions_pass and not submission.is_edit:
        return _(
            "If you want to ask something, end the title with a question mark; questions appear at once."
        )
    return _("Sources and reasons in the text help the expert to decide soon.")


def _procedure(submission: Submission, settings: Approval, found: Procedure) -> Verdict:
    return Verdict(
        ruling=Ruling.HOLD,
        reason="procedure-needs-two",
        message=_procedure_message(submission, found),
        rule=settings.rule,
        spans=found.spans,
        suggestion=_("Sources and reasons in the text help the experts to decide soon."),
        approvals=2,
    )


def _procedure_message(submission: Submission, found: Procedure) -> str:
    if submission.is_edit:
        return _(
            "This is a procedure, so two experts other than you approve the new wording before others see it."
        )
    if found.steps:
        return _(
            "This says what to do step by step, so two experts other than you approve it before others see it."
        )
    return _(
        "“%(mark)s” marks a procedure here, so two experts other than you approve it before others see it.",
        mark=found.mark,
    )

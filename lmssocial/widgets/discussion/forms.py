"""What people fill in, and the drafts it ends as."""

from dataclasses import replace
from typing import Any, ClassVar, Self
from uuid import uuid4

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    Field,
    FileField,
    Form,
    HiddenField,
    RadioField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Length, NumberRange, StopValidation
from wtforms.widgets import HiddenInput

from lmssocial.lms.identity.actor import Actor
from lmssocial.social.content.drafts import Unsent
from lmssocial.social.content.markdown import MAX_SOURCE
from lmssocial.social.content.media import ACCEPT
from lmssocial.social.content.text import is_blank, tidy, tidy_line
from lmssocial.web.forms import SafeForm, WholeNumberField, options
from lmssocial.web.program import program
from lmssocial.widgets.discussion.drafts import EditDraft, ReplyDraft, ThreadDraft
from lmssocial.widgets.discussion.group_fields import GroupFields
from lmssocial.widgets.discussion.models import ThreadKind
from lmssocial.widgets.discussion.poll_fields import PollFields

MAX_TITLE = 200
"""Characters of a thread's title."""

MAX_KEPT = 3 * MAX_SOURCE
"""Characters of a draft that are kept, so that nothing is lost while somebody shortens a text."""


def _tidied(text: str | None) -> str:
    return tidy(text or "")


def _tidied_line(text: str | None) -> str:
    return tidy_line(text or "")


class SaysSomething:
    """A validator: there is something to read, once the text is tidied."""

    field_flags: ClassVar = {"required": True}

    def __init__(self, message: str) -> None:
        """:param message: what to say if there is not."""
        self.message = message

    def __call__(self, _form: Form, field: Field) -> None:
        """Look at the field.

        :raises StopValidation: if a reader would see nothing.
        """
        if is_blank(field.data or ""):
            raise StopValidation(self.message)


_TITLE = (
    SaysSomething(_l("Give your thread a title, so that others know what it is about.")),
    Length(max=MAX_TITLE, message=_l("A title has at most %(max)d characters.")),
)


def _attached_first(_form: Form, field: Field) -> None:
    """A validator: no file was chosen and left behind; without its button only its name is sent.

    :raises StopValidation: if one was.
    """
    if isinstance(field.data, str) and field.data.strip():
        raise StopValidation(
            _l(
                "You chose a file, but did not attach it, so nothing was sent. Choose it again and press Attach, "
                "or send your text without it."
            )
        )


class UploadForm(SafeForm):
    """A file, and what it shows."""

    file = FileField(_l("File"), validators=[_attached_first])
    alt = StringField(
        _l("What the picture shows"),
        description=_l("One sentence for those who cannot see it. Other files need none."),
        filters=[_tidied_line],
    )
    decorative = BooleanField(_l("The picture only decorates; it says nothing that the text does not say"))


class ComposerForm(UploadForm):
    """A text on its way, and a file to go with it. Several stand on one page, so each gets ids of its own."""

    attached: Any = None
    """What was attached with this request."""

    source = TextAreaField(
        _l("Your text"),
        filters=[_tidied],
        validators=[
            SaysSomething(_l("Write something first.")),
            Length(
                max=MAX_SOURCE,
                message=_l(
                    "Your text is longer than %(max)d characters. Shorten it, or post it in two parts."
                ),
            ),
        ],
    )
    submission_key = HiddenField(validators=[Length(max=36)])

    def for_target(self, target: str) -> "ComposerForm":
        """This form with ids that end in ``target``, and a key of its own if it has none yet."""
        for field in self:
            field.id = field.label.field_id = f"{field.short_name}-{target}"
        limit = program().settings.attachment_limit
        self.file.description = _l(
            "A picture (PNG, JPEG, GIF, WebP), PDF, text, CSV or office document, up to %(size)d MB.",
            size=limit // 1_000_000,
        )
        self.file.render_kw = {"accept": ACCEPT, "data-limit": limit}
        self.submission_key.data = self.submission_key.data or str(uuid4())
        return self


_KINDS = options(
    (
        (ThreadKind.DISCUSSION.value, _l("A discussion: experience, ideas, opinions")),
        (ThreadKind.QUESTION.value, _l("A question: you say which answer solved it")),
        (ThreadKind.ANNOUNCEMENT.value, _l("An announcement: all members are told")),
    )
)
"""What anybody may open, and last what staff may."""


class ThreadForm(PollFields, GroupFields, ComposerForm):
    """A new thread: of which kind, and the poll at its head, if it is to have one."""

    title = StringField(_l("Title"), filters=[_tidied_line], validators=_TITLE)
    kind = RadioField(
        _l("What kind of thread is it?"),
        choices=_KINDS,
        default=ThreadKind.DISCUSSION.value,
    )
    pinned = BooleanField(_l("Keep it at the top of the list"))

    def allow(self, actor: Actor) -> Self:
        """This form with only those choices that ``actor`` has."""
        if not actor.is_staff:
            self.kind.choices = _KINDS[:2]
        if not actor.moderates:
            del self.pinned
        return self

    def compare_titles(self, href: str, target: str) -> None:
        """While somebody types the title, let what is like it be fetched from ``href`` into ``target``."""
        self.title.render_kw = {
            "hx-get": href,
            "hx-trigger": "input changed delay:500ms",
            "hx-target": target,
        }

    def draft(self, placement_id: int) -> ThreadDraft:
        """The thread as a value."""
        return ThreadDraft(
            placement_id=placement_id,
            title=self.title.data or "",
            source=self.source.data or "",
            submission_key=self.submission_key.data or None,
            kind=self.kind.data or ThreadKind.DISCUSSION.value,
            pinned="pinned" in self and bool(self.pinned.data),
            poll=self.poll(),
            group_id=self.group_id,
        )


class AskForm(ComposerForm):
    """A private question."""

    title = StringField(_l("Title"), filters=[_tidied_line], validators=_TITLE)

    def draft(self, placement_id: int) -> ThreadDraft:
        """The question as a value."""
        return ThreadDraft(
            placement_id=placement_id,
            title=self.title.data or "",
            source=self.source.data or "",
            submission_key=self.submission_key.data or None,
        )


class PublicForm(GroupFields):
    """A private question on its way to others: to which group, where there is a choice."""


class ReplyForm(ComposerForm):
    """An answer."""

    def draft(self, parent_id: int) -> ReplyDraft:
        """The answer as a value."""
        return ReplyDraft(
            parent_id=parent_id,
            source=self.source.data or "",
            submission_key=self.submission_key.data or None,
        )


class EditForm(ComposerForm):
    """A new wording of a reply."""

    seen_version = WholeNumberField(widget=HiddenInput(), validators=[NumberRange(min=1)])

    def draft(self, post_id: int) -> EditDraft:
        """The new wording as a value."""
        return EditDraft(
            post_id=post_id, source=self.source.data or "", seen_version=self.seen_version.data or 0
        )


class EditThreadForm(EditForm):
    """A new wording of an opening, with its thread's title."""

    title = StringField(_l("Title"), filters=[_tidied_line], validators=_TITLE)

    def draft(self, post_id: int) -> EditDraft:
        """The new wording as a value."""
        return replace(super().draft(post_id), title=self.title.data or "")


class UnsentForm(SafeForm):
    """What a page saves from time to time."""

    title = StringField()
    source = StringField()
    seq = WholeNumberField(validators=[NumberRange(min=1)])

    def draft(self, target: str) -> Unsent:
        """The unfinished text as a value; its lines stay as they are, only what no database takes is left out."""
        return Unsent(
            target=target,
            title=tidy_line(self.title.data or "")[:MAX_TITLE],
            source=tidy((self.source.data or "")[:MAX_KEPT]),
            sequence=self.seq.data or 0,
        )

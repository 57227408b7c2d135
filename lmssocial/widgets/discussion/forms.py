"""What people fill in, and the drafts it ends as."""

from dataclasses import replace
from typing import Self

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    RadioField,
    StringField,
)
from wtforms.validators import Length, NumberRange
from wtforms.widgets import HiddenInput

from lmssocial.lms.identity.actor import Actor
from lmssocial.social.composing.forms import MAX_TITLE, ComposerForm, SaysSomething, tidied_line
from lmssocial.web.forms import WholeNumberField, options
from lmssocial.widgets.discussion.drafts import EditDraft, ReplyDraft, ThreadDraft
from lmssocial.widgets.discussion.group_fields import GroupFields
from lmssocial.widgets.discussion.models import ThreadKind
from lmssocial.widgets.discussion.poll_fields import PollFields

_TITLE = (
    SaysSomething(_l("Give your thread a title, so that others know what it is about.")),
    Length(max=MAX_TITLE, message=_l("A title has at most %(max)d characters.")),
)


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

    title = StringField(_l("Title"), filters=[tidied_line], validators=_TITLE)
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

    title = StringField(_l("Title"), filters=[tidied_line], validators=_TITLE)

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

    title = StringField(_l("Title"), filters=[tidied_line], validators=_TITLE)

    def draft(self, post_id: int) -> EditDraft:
        """The new wording as a value."""
        return replace(super().draft(post_id), title=self.title.data or "")

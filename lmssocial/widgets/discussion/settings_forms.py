"""What staff fill in about a discussion and its threads."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Self

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Length, ValidationError

from lmssocial.core.kernel.words import gettext as _
from lmssocial.social.composing.forms import SaysSomething
from lmssocial.social.content.text import tidy, tidy_line
from lmssocial.web.forms import options
from lmssocial.web.moments import MomentField, MomentsForm
from lmssocial.widgets.discussion.access import Choice
from lmssocial.widgets.discussion.configuring import PlaceDraft, ThreadSettingsDraft
from lmssocial.widgets.discussion.settings import DiscussionSettings, Groups, Starters


class DatesForm(MomentsForm):
    """Until when people should take part, and when it closes."""

    due_at = MomentField(
        _l("Take part until"),
        description=_l("Shown to everybody. Nothing is refused afterwards."),
    )
    locks_at = MomentField(
        _l("Closes"),
        description=_l("From then on only moderators write. It closes by itself."),
    )

    def validate_locks_at(self, field: Field) -> None:
        """Nothing closes before it is due.

        :raises ValidationError: if it does.
        """
        if field.data and self.due_at.data and field.data < self.due_at.data:
            raise ValidationError(
                _("It would close before it is due. Choose a later moment for closing, or none.")
            )


class DiscussionForm(DatesForm):
    """The settings of a discussion."""

    title = StringField(
        _l("Title"),
        filters=[lambda text: tidy_line(text or "")],
        validators=[
            SaysSomething(_l("Give it a title; learners see it in the course.")),
            Length(max=200, message=_l("A title has at most %(max)d characters.")),
        ],
    )
    intro = TextAreaField(
        _l("Introduction"),
        filters=[lambda text: tidy(text or "").strip()],
        validators=[Length(max=2000, message=_l("An introduction has at most %(max)d characters."))],
        description=_l("What you want people to do here, in a few sentences. It stands above the threads."),
        render_kw={"rows": 4},
    )
    starters = RadioField(
        _l("Who starts threads"),
        choices=options(
            (
                (Starters.EVERYBODY.value, _l("Everybody")),
                (Starters.STAFF.value, _l("Instructors and moderators only; members reply")),
            )
        ),
    )
    groups = RadioField(
        _l("Groups"),
        choices=options(
            (
                (Groups.NONE.value, _l("No groups: everybody reads and writes everywhere")),
                (
                    Groups.VISIBLE.value,
                    _l("Visible groups: members write in the threads of their own groups, and read all"),
                ),
                (
                    Groups.SEPARATE.value,
                    _l(
                        "Separate groups: members find only the threads of their own groups, and those for everybody"
                    ),
                ),
            )
        ),
    )
    opens_groups = BooleanField(_l("Yes, let everybody read the threads that only groups have read so far"))
    post_first = BooleanField(
        _l("New threads ask for an own answer first"),
        description=_l("Members read the answers of others once they have handed in one of their own."),
    )
    private_questions = BooleanField(
        _l("Members may ask in private"),
        description=_l("Only instructors, stewards and SMEs read a private question, and answer it."),
    )
    stars = BooleanField(
        _l("People may also rate posts with one to five stars"),
    )

    @classmethod
    def of(cls, title: str, intro: str, settings: DiscussionSettings) -> Self:
        """The form as things are."""
        form = cls(
            data={
                "title": title,
                "intro": intro,
                "starters": settings.starters.value,
                "groups": settings.groups.value,
                "post_first": settings.post_first,
                "private_questions": settings.private_questions,
                "stars": settings.stars,
                "due_at": settings.due_at,
                "locks_at": settings.locks_at,
            }
        )
        form.in_reader_zone()
        return form

    def draft(self, before: DiscussionSettings) -> PlaceDraft:
        """What was filled in; what this form does not show stays as it was ``before``."""
        return PlaceDraft(
            title=self.title.data or "",
            intro=self.intro.data or "",
            opens_groups=bool(self.opens_groups.data),
            settings=replace(
                before,
                starters=Starters(self.starters.data),
                groups=Groups(self.groups.data),
                post_first=bool(self.post_first.data),
                private_questions=bool(self.private_questions.data),
                stars=bool(self.stars.data),
                due_at=self.due_at.data,
                locks_at=self.locks_at.data,
            ),
        )


class ThreadSettingsForm(DatesForm):
    """The settings of one thread."""

    post_first = BooleanField(
        _l("Members answer before they read the answers of others"),
    )
    group = SelectField(_l("For whom"), choices=[])

    def offer(self, groups: Sequence[Choice], *, private: bool) -> Self:
        """This form with the groups it may belong to; a private thread has neither a group nor an order."""
        if private:
            del self.post_first
        if private or not groups:
            del self.group
        else:
            everybody = [("", _l("Everybody"))]
            self.group.choices = options([*everybody, *((str(one.id), one.name) for one in groups)])
        return self

    def draft(self) -> ThreadSettingsDraft:
        """What was filled in."""
        group = self.group.data if "group" in self else ""
        return ThreadSettingsDraft(
            due_at=self.due_at.data,
            locks_at=self.locks_at.data,
            post_first="post_first" in self and bool(self.post_first.data),
            group_id=int(group) if group else None,
        )

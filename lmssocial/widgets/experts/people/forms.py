"""What people fill in about themselves, and what others say of them."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length

from lmssocial.social.composing.forms import SaysSomething, tidied, tidied_line
from lmssocial.social.content.markdown import MAX_SOURCE
from lmssocial.social.content.named import fold_name
from lmssocial.social.engagement.sentences import LONGEST as LONGEST_SENTENCE
from lmssocial.social.notifications.reach_forms import known_zones, zones
from lmssocial.web.forms import SafeForm, SelectMultipleChecks, options
from lmssocial.web.moments import zone_named
from lmssocial.widgets.experts.models import Reach
from lmssocial.widgets.experts.people import languages
from lmssocial.widgets.experts.people.drafts import ProfileDraft
from lmssocial.widgets.experts.people.service import LONGEST_PLACE
from lmssocial.widgets.experts.topics.naming import LONGEST as LONGEST_TOPIC

SHOWN_TOPICS = 60
"""Topics that stand there to be ticked; others are written."""
_REACHES = {
    Reach.NONE: _l("Nobody. I do not answer questions."),
    Reach.COURSE: _l("People of this course"),
    Reach.COMMUNITY: _l("Also people of courses that are in a community across courses with this one"),
    Reach.ORGANISATION: _l("Also people of any course of our organisation"),
}
_DAYS = (
    ("1", _l("Monday")),
    ("2", _l("Tuesday")),
    ("3", _l("Wednesday")),
    ("4", _l("Thursday")),
    ("5", _l("Friday")),
    ("6", _l("Saturday")),
    ("7", _l("Sunday")),
)
_TOPIC_LENGTH = Length(max=LONGEST_TOPIC, message=_l("The name of a topic has at most %(max)d characters."))


def _hours(first: int, last: int) -> list[tuple[int, str]]:
    return [(hour, f"{hour:02}:00") for hour in range(first, last + 1)]


def _numbers(most: int) -> list[tuple[int, str]]:
    return [(number, str(number)) for number in range(1, most + 1)]


class ProfileForm(SafeForm):
    """How somebody wants to be asked."""

    seen = HiddenField()
    reach = RadioField(
        _l("Who may ask me"),
        description=_l(
            "Whoever may ask you sees your name, what you know, and what you say of yourself. You are asked one "
            "question at a time, and say yes or no to each. You can leave at any time."
        ),
    )
    known_topics = SelectMultipleChecks(
        _l("What I know"),
        choices=(),
        validate_choice=False,
        description=_l("Your own word for it: others read that you say so yourself."),
    )
    other_topics = StringField(
        _l("Other topics"),
        description=_l("With commas between. A name that is not known yet becomes a new topic."),
        filters=[tidied_line],
        validators=[Length(max=600, message=_l("At most %(max)d characters, please."))],
    )
    bio = TextAreaField(
        _l("What I say of myself"),
        description=_l("What you do, and what you can be asked. It also helps to find you."),
        filters=[tidied],
        validators=[
            Length(max=MAX_SOURCE, message=_l("Your text is longer than %(max)d characters. Shorten it."))
        ],
        render_kw={"rows": 5},
    )
    languages = SelectMultipleChecks(
        _l("Languages I answer in"), choices=(), description=_l("None ticked means any.")
    )
    zone = SelectField(_l("My time zone"), validate_choice=False)
    opens = SelectField(_l("I am waited for from"), coerce=int, choices=options(_hours(0, 23)))
    closes = SelectField(
        _l("until"),
        coerce=int,
        choices=options(_hours(1, 24)),
        description=_l("Only these hours count while somebody waits for you to say yes or no."),
    )
    days = SelectMultipleChecks(_l("On these days"), choices=_DAYS)
    most_open = SelectField(
        _l("Questions I have at the same time, at most"), coerce=int, choices=options(_numbers(20))
    )
    most_week = SelectField(
        _l("Questions I am asked in a week, at most"),
        coerce=int,
        choices=options(_numbers(20)),
        description=_l("In all courses together."),
    )
    connects = BooleanField(
        _l("Tell me of questions that wait"),
        description=_l("You may know somebody who knows: then you bring the two together."),
    )
    meeting_place = StringField(
        _l("Where I meet people"),
        description=_l(
            "The address of a room for video calls, or a place. Whoever books an office hour reads it."
        ),
        filters=[tidied_line],
        validators=[Length(max=LONGEST_PLACE, message=_l("At most %(max)d characters, please."))],
    )

    def offer(self, reaches: Sequence[Reach], topics: Sequence[str]) -> Self:
        """Offer what can be chosen here.

        :param topics: the names of topics, of which the first ones are ticked and the rest are written.
        """
        self.reach.choices = options((reach.value, _REACHES[reach]) for reach in reaches)
        self.known_topics.choices = options((label, label) for label in topics[:SHOWN_TOPICS])
        self.languages.choices = options(languages.choices())
        self.zone.choices = [*options([("", _l("As this activity is set"))]), *zones()]
        return self

    @classmethod
    def of(cls, draft: ProfileDraft, reaches: Sequence[Reach], topics: Sequence[str]) -> Self:
        """The form as a profile stands."""
        shown = {fold_name(label): label for label in topics[:SHOWN_TOPICS]}
        form = cls(
            data={
                "seen": draft.seen,
                "reach": draft.reach.value,
                "known_topics": [shown[fold_name(one)] for one in draft.topics if fold_name(one) in shown],
                "other_topics": ", ".join(one for one in draft.topics if fold_name(one) not in shown),
                "bio": draft.bio,
                "languages": list(draft.languages),
                "zone": draft.zone,
                "opens": draft.opens,
                "closes": draft.closes,
                "days": list(draft.days),
                "most_open": draft.most_open,
                "most_week": draft.most_week,
                "connects": draft.connects,
                "meeting_place": draft.meeting_place,
            }
        )
        own = [*reaches, *([] if draft.reach in reaches else [draft.reach])]
        return form.offer(own, topics)

    def draft(self) -> ProfileDraft:
        """What was filled in."""
        written = [part.strip() for part in (self.other_topics.data or "").split(",")]
        zone = self.zone.data or ""
        return ProfileDraft(
            reach=Reach(self.reach.data),
            topics=tuple(filter(None, [*(self.known_topics.data or ()), *written])),
            bio=self.bio.data or "",
            languages=tuple(self.languages.data or ()),
            zone=zone if zone in known_zones() else "",
            opens=self.opens.data,
            closes=self.closes.data,
            days="".join(sorted(self.days.data or ())),
            most_open=self.most_open.data,
            most_week=self.most_week.data,
            connects=bool(self.connects.data),
            meeting_place=self.meeting_place.data or "",
            seen=self.seen.data or "",
        )


class PauseForm(SafeForm):
    """Until when somebody wants to be left alone."""

    until = DateField(
        _l("Ask me again on"),
        validators=[InputRequired(_l("Choose a day."))],
        description=_l("Until then nobody asks you anything new, in any course."),
    )

    def moment(self, zone: str) -> datetime:
        """When that day begins where somebody is; at the end of all days if there is none such."""
        day = self.until.data or date.max
        try:
            at: ZoneInfo = zone_named(zone)
            return datetime.combine(day, time(), at).astimezone(UTC)
        except OverflowError:
            return datetime.max.replace(tzinfo=UTC) - timedelta(days=1)


class EndorseForm(SafeForm):
    """What somebody knows, and how one came to know that."""

    topic = StringField(
        _l("What they know"),
        filters=[tidied_line],
        validators=[SaysSomething(_l("Say what they know about.")), _TOPIC_LENGTH],
        render_kw={"list": "known-topics", "autocomplete": "off"},
    )
    why = TextAreaField(
        _l("How you know"),
        description=_l("One sentence. It is shown with your name."),
        filters=[tidied_line],
        validators=[
            SaysSomething(_l("Write a sentence first.")),
            Length(max=LONGEST_SENTENCE, message=_l("At most %(max)d characters, please.")),
        ],
        render_kw={"rows": 2},
    )


class AppointForm(SafeForm):
    """The topic that somebody is made the SME of."""

    topic = StringField(
        _l("SME of which topic"),
        filters=[tidied_line],
        validators=[SaysSomething(_l("Say for which topic.")), _TOPIC_LENGTH],
        render_kw={"list": "known-topics", "autocomplete": "off"},
    )

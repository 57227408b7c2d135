"""The forms of the written report."""

from typing import Any, ClassVar

from wtforms import (
    BooleanField,
    DateField,
    FieldList,
    Form,
    FormField,
    HiddenField,
    StringField,
    TextAreaField,
    URLField,
)
from wtforms.validators import URL, DataRequired, Length, Optional, StopValidation

from lmssocial.plugin import SafeForm
from lmssocial.plugin import gettext as _
from lmssocial.plugin import lazy_gettext as _l
from lmssocial_reporting.report.drafting import Row, Written, filled
from lmssocial_reporting.report.sections import MOST_ROWS, MOST_WORDS, Column, Section

SPARE = 3
"""Empty rows at the end of a table, to be filled in."""


class SeenForm(SafeForm):
    """Something written over a version."""

    seen = HiddenField()

    @property
    def seen_version(self) -> int:
        """The version that was on the page; one that nobody has where it is none."""
        text = self.seen.data or ""
        return int(text) if text.isdecimal() and len(text) < 10 else -1


class WordsForm(SeenForm):
    """A section of running text."""

    words = TextAreaField(_l("Text"), [Length(max=MOST_WORDS)], render_kw={"rows": 12})


class PublishForm(SafeForm):
    """Publishing what stands in the draft."""

    title = StringField(_l("Title"), [DataRequired(_l("Give the report a title.")), Length(max=200)])
    monitors = BooleanField(
        _l("With the figures of the monitors"),
        description=_l(
            "Use of widgets, network, reading and threads. They name nobody, but members do not see these pages "
            "otherwise."
        ),
    )
    seen = HiddenField()


class WithdrawForm(SafeForm):
    """Withdrawing what was published."""

    because = TextAreaField(
        _l("Why it is withdrawn"),
        [DataRequired(_l("Say why, in a sentence.")), Length(max=500)],
        description=_l("Everybody who may read the report reads this sentence in its place."),
        render_kw={"rows": 3},
    )


def rows_form(section: Section) -> type[SeenForm]:
    """The form of a section that is a table: a row of fields for each of its rows."""
    row: Any = type("RowForm", (_RowForm,), {column.key: _field(column) for column in section.columns})
    return type("RowsForm", (SeenForm,), {"rows": FieldList(FormField(row), max_entries=MOST_ROWS)})


def rows_of(form: Any, section: Section) -> tuple[Row, ...]:
    """What was filled in."""
    found = [{key: _text(value) for key, value in row.items()} for row in form.rows.data]
    return filled(found, section.name)


def shown_rows(written: Written) -> list[dict[str, Any]]:
    """The rows as the form takes them, and some to be filled in as long as there is room for more."""
    rows = [dict(row) for row in written.rows[:MOST_ROWS]]
    return rows + [{} for _spare in range(min(SPARE, MOST_ROWS - len(rows)))]


class _RowForm(Form):
    """One row. A row in which nothing stands is none, and asks for nothing."""

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for what a row needs, if there is a row."""
        if not any(_text(field.data).strip() for field in self):
            return True
        return super().validate(extra_validators)


class _NeededInRow:
    """What a row needs: not called optional, nor required of a row that is left empty."""

    field_flags: ClassVar = {"required": True}

    def __call__(self, _form: Any, field: Any) -> None:
        if not _text(field.data).strip():
            raise StopValidation(_("Fill this in, or empty the row."))


def _field(column: Column) -> Any:
    length: list[Any] = [*([_NeededInRow()] if column.required else []), Length(max=column.most)]
    if column.holds == "source":
        return HiddenField(column.title, length, render_kw={"required": False})
    if column.holds == "link":
        return URLField(
            column.title,
            [
                Optional(),
                *length,
                _plain_link,
                URL(require_tld=False, message=_l("This is no address of a page.")),
            ],
        )
    if column.holds == "day":
        return _DayField(column.title)
    kind = TextAreaField if column.holds == "words" else StringField
    return kind(column.title, length, render_kw={"required": False})


def _plain_link(_form: Any, field: Any) -> None:
    if not field.data.startswith(("https://", "http://")):
        raise StopValidation(_("An address begins with https:// or http://."))


class _DayField(DateField):
    """A day; it stands in the draft as text, ``2026-11-22``."""

    def __init__(self, label: Any, **more: Any) -> None:
        super().__init__(label, [Optional()], **more)

    def _value(self) -> str:
        return " ".join(self.raw_data) if self.raw_data else _text(self.data)


def _text(value: Any) -> str:
    return "" if value is None else value.isoformat() if hasattr(value, "isoformat") else str(value)

"""A report from what people wrote and what the figures say."""

from flask_babel import get_locale

from lmssocial.plugin import gettext as _
from lmssocial.plugin import now
from lmssocial_reporting.report.data_list import data_lines, source_title, sources
from lmssocial_reporting.report.document import Document, Facts, SectionCopy
from lmssocial_reporting.report.drafting import Draft, Row
from lmssocial_reporting.report.sections import SECTIONS, Name, Section
from lmssocial_reporting.scope import Scope


def caution() -> str:
    """What stands on every page, print and file."""
    return _(
        "Social learning is an intermediate indicator: it says how people take part, not what they have learnt or what "
        "it is worth. What comes of it is for people to say."
    )


def document_of(scope: Scope, facts: Facts, draft: Draft, *, title: str, scope_title: str) -> Document:
    """The report as it stands at this moment.

    :param scope_title: what the scope is called where nobody knows which course "this course" is.
    """
    return Document(
        title=title,
        scope=scope.wide.value,
        scope_title=scope_title,
        language=str(get_locale() or "en"),
        made_at=now(),
        caution=caution(),
        facts=facts,
        sections=tuple(_copied(section, draft) for section in SECTIONS.values()),
        data=data_lines({row["source"]: row for row in responsible_rows(draft)}, facts.zone),
    )


def responsible_rows(draft: Draft) -> tuple[Row, ...]:
    """Who is responsible for each source, with a row for every source there is."""
    said = {row.get("source", ""): row for row in draft.of(Name.RESPONSIBLE).rows}
    empty = {"person": "", "retention": ""}
    return tuple({**empty, **said.get(source, {}), "source": source} for source in sources())


def _copied(section: Section, draft: Draft) -> SectionCopy:
    written = draft.of(section.name)
    rows = tuple(
        tuple(
            source_title(row.get(column.key, "")) if column.holds == "source" else row.get(column.key, "")
            for column in section.columns
        )
        for row in written.rows
    )
    return SectionCopy(
        name=section.name.value,
        title=str(section.title),
        words=written.words,
        header=tuple(str(column.title) for column in section.columns),
        holds=tuple(column.holds for column in section.columns),
        rows=rows,
    )

"""The written report: the page with the draft and what was published, and writing a section."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lmssocial.plugin import Conflict, NotFound
from lmssocial.plugin_pages import unit_of_work
from lmssocial_reporting.blueprint import Frame, bp, frame
from lmssocial_reporting.report import export_routes, publish_routes
from lmssocial_reporting.report.beside import SPEAKING, needs
from lmssocial_reporting.report.composing import responsible_rows
from lmssocial_reporting.report.data_list import source_title, sources
from lmssocial_reporting.report.drafting import Draft, Written, draft_of, save
from lmssocial_reporting.report.facts import sentences
from lmssocial_reporting.report.forms import WordsForm, rows_form, rows_of, shown_rows
from lmssocial_reporting.report.layout import format_date_of
from lmssocial_reporting.report.place import place_of, writes, written_here
from lmssocial_reporting.report.sections import SECTIONS, Name, Section, section_of
from lmssocial_reporting.report.snapshots import published
from lmssocial_reporting.scope import Scope, as_read, looks_after
from lmssocial_reporting.skills.reading import skill_page

__all__ = ["export_routes", "publish_routes", "report_detail", "section_edit"]

View = str | Response | tuple[str, int]


@bp.get("/reports")
def report_detail(placement_id: int) -> str:
    """The report that is being written, and those that were published."""
    del placement_id
    asked = frame()
    scope = asked.scope()
    place = place_of(asked, scope)
    writing = writes(asked, scope)
    return render_template(
        "lmssocial_reporting/report_detail.html",
        frame=asked,
        of=scope,
        of_key=scope.address,
        scopes=asked.scopes(),
        reports=published(asked.session, place),
        writes=writing,
        looks_after=looks_after(asked.actor),
        sections=SECTIONS.values(),
        draft=draft_of(asked.session, place) if writing else Draft(),
    )


@bp.route("/reports/draft/<section>", methods=["GET", "POST"])
def section_edit(placement_id: int, section: str) -> View:
    """Writing one section of the draft, with what the figures say beside it."""
    asked = frame()
    scope, wanted = written_here(asked), section_of(section)
    if wanted is None:
        raise NotFound(_("A report has no such section."))
    place = place_of(asked, scope)
    written = draft_of(asked.session, place).of(wanted.name)
    if request.method == "GET":
        return _page(asked, scope, wanted, _form_of(wanted, written), None)
    form = rows_form(wanted)(request.form) if wanted.columns else WordsForm(request.form)
    if not form.validate():
        return _page(asked, scope, wanted, form, None), 422
    try:
        with unit_of_work(asked.session) as session:
            save(
                session,
                place,
                wanted.name,
                _written(wanted, form),
                seen=form.seen_version,
                by=asked.actor.user_id,
            )
    except Conflict as problem:
        theirs = draft_of(asked.session, place).of(wanted.name)
        form.form_errors.append(problem.message)
        form.seen.data = str(theirs.version)
        return _page(asked, scope, wanted, form, theirs), problem.status
    flash(_("Saved in the draft."), "good")
    return redirect(
        url_for(".report_detail", placement_id=placement_id, of=scope.address, _anchor=wanted.name),
        code=303,
    )


def _form_of(section: Section, written: Written) -> Any:
    if not section.columns:
        return WordsForm(seen=str(written.version), words=written.words)
    if section.name is Name.RESPONSIBLE:
        rows: list[dict[str, Any]] = [dict(row) for row in responsible_rows(Draft({section.name: written}))]
    else:
        rows = shown_rows(written)
    return rows_form(section)(data={"seen": str(written.version), "rows": rows})


def _written(section: Section, form: Any) -> Written:
    if not section.columns:
        return Written(words=(form.words.data or "").strip())
    rows = rows_of(form, section)
    if section.name is Name.RESPONSIBLE:
        known = set(sources())
        rows = tuple(row for row in rows if row["source"] in known and (row["person"] or row["retention"]))
    return Written(rows=rows)


def _page(asked: Frame, scope: Scope, section: Section, form: Any, theirs: Written | None) -> str:
    """:param theirs: what somebody else saved meanwhile."""
    return render_template(
        "lmssocial_reporting/report_section_edit.html",
        frame=asked,
        of=scope,
        of_key=scope.address,
        section=section,
        form=form,
        theirs=theirs,
        beside=_beside(asked, scope, section.name),
        caution=section.name is Name.IMPACT,
        source_title=source_title,
        day_words=format_date_of,
    )


def _beside(asked: Frame, scope: Scope, name: Name) -> tuple[str, ...]:
    """What the figures say; they are reckoned only where they have something to say."""
    if name not in SPEAKING:
        return ()
    if name is Name.NEEDS:
        read = as_read(asked.session, scope)
        return needs(skill_page(asked.session, asked.store, read, asked.actor).support)
    monitors = name is Name.BENEFITS
    found = sentences(asked.session, asked.store, scope, place_of(asked, scope), monitors=monitors)
    return found.get(name, ())

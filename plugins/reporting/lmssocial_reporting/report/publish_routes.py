"""Looking at the draft as a report, publishing it, reading what was published, and withdrawing it."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import format_date
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.wrappers import Response

from lmssocial.plugin import Conflict, NotFound
from lmssocial.plugin_pages import unit_of_work
from lmssocial_reporting.blueprint import Frame, bp, frame
from lmssocial_reporting.charts.chart import Chart
from lmssocial_reporting.report.comparing import comparison
from lmssocial_reporting.report.composing import document_of
from lmssocial_reporting.report.document import ChartCopy, Document
from lmssocial_reporting.report.drafting import Draft, draft_of
from lmssocial_reporting.report.facts import facts
from lmssocial_reporting.report.forms import PublishForm, WithdrawForm
from lmssocial_reporting.report.layout import blocks
from lmssocial_reporting.report.networks import why_no_network
from lmssocial_reporting.report.place import place_of, title_of, writes, written_here
from lmssocial_reporting.report.sections import SECTIONS, Name
from lmssocial_reporting.report.snapshots import Entry, before, one, publish, published, withdraw
from lmssocial_reporting.scope import Scope, require_steward, require_writer, scope_key

View = str | Response | tuple[str, int]


@bp.get("/reports/now")
def draft_detail(placement_id: int) -> str:
    """The draft as it would be published at this moment: to be read through and printed."""
    del placement_id
    asked = frame()
    scope = written_here(asked)
    document = live(asked, scope, draft_of(asked.session, place_of(asked, scope)))
    return render_template(
        "lmssocial_reporting/draft_detail.html",
        frame=asked,
        of=scope,
        of_key=scope.address,
        scopes=[one for one in asked.scopes() if writes(asked, one)],
        document=document,
        why_no_network=why_no_network(asked, scope),
        blocks=blocks(document),
        chart_of=chart_of,
    )


@bp.route("/reports/publish", methods=["GET", "POST"])
def report_publish(placement_id: int) -> View:
    """Publishing the draft."""
    asked = frame()
    scope = written_here(asked)
    place = place_of(asked, scope)
    draft = draft_of(asked.session, place)
    if request.method == "GET":
        form = PublishForm(title=_default_title(asked, scope), seen=draft.fingerprint)
        return _publish_page(asked, scope, draft, form)
    form = PublishForm(request.form)
    if not form.validate():
        return _publish_page(asked, scope, draft, form), 422
    if form.seen.data != draft.fingerprint:
        form.seen.data = draft.fingerprint
        said = _("Somebody changed the draft while you had this page open, so nothing was published.")
        form.form_errors.append(said + " " + _("Read it through again, and publish it then."))
        return _publish_page(asked, scope, draft, form), 409
    title, monitors = (form.title.data or "").strip(), bool(form.monitors.data)
    document = live(asked, scope, draft, title=title, monitors=monitors)
    with unit_of_work(asked.session) as session:
        report_id = publish(session, place, document, by=asked.actor.user_id).id
    flash(_("Published. It stays as it is now, whatever happens later."), "good")
    return redirect(
        url_for(".published_detail", placement_id=placement_id, report_id=report_id, of=scope.address),
        code=303,
    )


@bp.get("/reports/<int:report_id>")
def published_detail(placement_id: int, report_id: int) -> str:
    """A published report."""
    del placement_id
    asked = frame()
    scope, entry, document = readable(asked, report_id)
    older = before(published(asked.session, place_of(asked, scope)), report_id)
    beside = one(asked.session, asked.actor.tenant_id, [entry.scope], older.id)[1] if older else None
    return render_template(
        "lmssocial_reporting/published_detail.html",
        frame=asked,
        of=scope,
        of_key=scope.address,
        entry=entry,
        document=document,
        blocks=blocks(document, published_by=entry.published_by) if document else (),
        chart_of=chart_of,
        older=older,
        comparison=comparison(document, beside) if document and beside else None,
        writes=writes(asked, scope),
    )


@bp.route("/reports/<int:report_id>/withdraw", methods=["GET", "POST"])
def report_withdraw(placement_id: int, report_id: int) -> View:
    """Withdrawing a published report, with a sentence why."""
    asked = frame()
    require_steward(asked.actor)
    scope, entry, _document = readable(asked, report_id)
    require_writer(asked.actor, entry.scope)
    if entry.withdrawn_at is not None:
        flash(_("This report was withdrawn already. Nothing has changed."), "warn")
        return redirect(
            url_for(".published_detail", placement_id=placement_id, report_id=report_id, of=scope.address),
            code=303,
        )
    form = WithdrawForm(request.form if request.method == "POST" else None)
    page = "lmssocial_reporting/report_withdraw.html"
    shown = {"frame": asked, "of": scope, "of_key": scope.address, "entry": entry}
    if request.method == "GET":
        return render_template(page, form=form, **shown)
    if not form.validate():
        return render_template(page, form=form, **shown), 422
    try:
        with unit_of_work(asked.session) as session:
            because = (form.because.data or "").strip()
            withdraw(session, place_of(asked, scope), report_id, because, by=asked.actor.user_id)
    except Conflict as problem:
        flash(problem.message, "warn")
    else:
        flash(_("Withdrawn. Readers find your sentence in its place."), "good")
    return redirect(url_for(".report_detail", placement_id=placement_id, of=scope.address), code=303)


def live(asked: Frame, scope: Scope, draft: Draft, *, title: str = "", monitors: bool = True) -> Document:
    """The report as it stands at this moment, with the figures of the monitors or without them."""
    found = facts(asked.session, asked.store, scope, place_of(asked, scope), monitors=monitors)
    return document_of(
        scope, found, draft, title=title or _default_title(asked, scope), scope_title=title_of(asked, scope)
    )


def readable(asked: Frame, report_id: int) -> tuple[Scope, Entry, Document | None]:
    """A report that the actor may read. What a withdrawn one says is for those who write it: ``None``.

    :raises NotFound: if there is none that they may read.
    """
    scopes = {scope_key(asked.actor, scope): scope for scope in asked.scopes()}
    if not scopes:
        raise NotFound(_("There is no such report, or it is not yours to read."))
    entry, document = one(asked.session, asked.actor.tenant_id, list(scopes), report_id)
    scope = scopes[entry.scope]
    hidden = entry.withdrawn_at is not None and not writes(asked, scope)
    return scope, entry, None if hidden else document


def chart_of(copy: ChartCopy) -> Chart:
    """A chart of a report as pages draw it; its picture was drawn by us and is markup."""
    return Chart(
        key=copy.key,
        title=copy.title,
        finding=copy.finding,
        description=copy.description,
        svg=Markup(copy.svg),  # noqa: S704 – kept as :mod:`..charts` made it, with all words escaped
        header=copy.header,
        rows=copy.rows,
        note=copy.note,
    )


def _default_title(asked: Frame, scope: Scope) -> str:
    day = format_date(scope.window().last, "long")
    return str(_("Report of %(scope)s, %(day)s", scope=title_of(asked, scope), day=day))[:200]


def _publish_page(asked: Frame, scope: Scope, draft: Draft, form: PublishForm) -> str:
    return render_template(
        "lmssocial_reporting/report_publish.html",
        frame=asked,
        of=scope,
        of_key=scope.address,
        form=form,
        empty=[
            section.title
            for section in SECTIONS.values()
            if draft.of(section.name).is_empty and section.name is not Name.RESPONSIBLE
        ],
        unnamed=draft.of(Name.RESPONSIBLE).is_empty,
    )

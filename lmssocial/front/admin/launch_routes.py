"""Launches: who was let in, who was not and why, and what a reference somebody reads out stands for."""

from flask import render_template, request
from flask_babel import lazy_gettext as _l

from lmssocial.core.db import LARGEST_ID
from lmssocial.front.admin import launches
from lmssocial.front.admin.gate import bp
from lmssocial.front.admin.launches import PAGE, Wanted
from lmssocial.lms.identity import launch_health
from lmssocial.lms.identity.launches import KEPT
from lmssocial.lms.identity.refusal_words import refusal_words
from lmssocial.web import scope

MESSAGES = {
    "LtiResourceLinkRequest": _l("opened an activity"),
    "LtiDeepLinkingRequest": _l("chose content for a course"),
    "LtiSubmissionReviewRequest": _l("looked at a graded work"),
}
"""What people did who launched."""
WAYS = {"cookie": _l("by cookie"), "storage": _l("by the LMS's own storage")}
"""How the browser proved that it began the login."""


@bp.get("/launches")
def launch_list() -> str:
    """The newest launches, filtered; or the one that a reference stands for."""
    session = scope.session()
    reference = request.args.get("reference", "").strip().lower()[:32]
    wanted = _wanted()
    before = request.args.get("before", type=int)
    if reference:
        found = launches.by_reference(session, reference) if reference.isalnum() else []
    else:
        found = launches.launch_page(
            session, wanted, before=None if before is None else max(0, min(before, LARGEST_ID))
        )
    return render_template(
        "admin/launch_list.html",
        lines=found[:PAGE],
        next_before=found[PAGE - 1].row.id if len(found) > PAGE else None,
        wanted=wanted,
        reference=reference,
        platforms=launches.platform_choices(session),
        causes=_causes(wanted),
        messages=MESSAGES,
        ways=WAYS,
        kept_days=KEPT.days,
    )


def _wanted() -> Wanted:
    platform_id, cause = request.args.get("platform", type=int), request.args.get("cause", "")[:64]
    return Wanted(
        platform_id=platform_id if platform_id is not None and 0 < platform_id <= LARGEST_ID else None,
        refused=request.args.get("view") == "refused",
        cause=cause if cause.isprintable() else "",
    )


def _causes(wanted: Wanted) -> list[tuple[str, str]]:
    """The causes that occur, and the one that is chosen, each in words with how often it occurred lately."""
    lately = dict(launch_health.causes_lately(scope.session()))
    if wanted.cause:
        lately.setdefault(wanted.cause, 0)
    return [
        (code, f"{refusal_words(code).means.rstrip('.') or code} ({count})") for code, count in lately.items()
    ]

"""The log: who did what, on what, when."""

from flask import render_template, request

from lmssocial.core.db import LARGEST_ID
from lmssocial.front.admin import log
from lmssocial.front.admin.gate import bp
from lmssocial.front.admin.words import action_words
from lmssocial.web import scope


@bp.get("/log")
def log_list() -> str:
    """What administrators did, newest first."""
    before = request.args.get("before", type=int)
    found = log.entries(scope.session(), before=None if before is None else max(0, min(before, LARGEST_ID)))
    return render_template(
        "admin/log_list.html",
        entries=found[: log.PAGE],
        next_before=found[log.PAGE - 1].id if len(found) > log.PAGE else None,
        action_words=action_words,
    )

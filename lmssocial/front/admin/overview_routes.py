"""The first page: what needs an administrator, and how much goes on."""

from flask import current_app, render_template

from lmssocial.core.hooks.host import installed
from lmssocial.front.admin import overview, platforms, plugin_health
from lmssocial.front.admin.attention import SAID_HERE, attention
from lmssocial.front.admin.gate import bp
from lmssocial.front.admin.words import event_words
from lmssocial.front.health.checks import examine
from lmssocial.front.health.routes import EXTENSION
from lmssocial.social.plugin_settings import remains
from lmssocial.web import scope
from lmssocial.web.program import program

DAYS = 7


@bp.get("/", endpoint="overview")
def overview_page() -> str:
    """Deployments to approve, what is broken, what was found, and the last seven days."""
    session = scope.session()
    findings = [
        finding for finding in examine(current_app.extensions[EXTENSION], outward=False) if not finding.ok
    ]
    return render_template(
        "admin/overview.html",
        waiting=platforms.waiting_deployments(session),
        findings=[one for one in findings if one.check != "plugins" and one.check not in SAID_HERE],
        attention=attention(session),
        failing=plugin_health.failures(session, tripped=True),
        gone=remains.orphans(session, {point.name for point in installed()}),
        broken=sorted(program().host.broken.values(), key=lambda one: one.name),
        totals=overview.totals(session),
        tenants=overview.tenant_use(session, DAYS),
        event_words=event_words,
        safe_mode=program().settings.safe_mode,
    )

"""The answer to a deep-linking request on its way back through the browser."""

from collections.abc import Mapping, Sequence

import structlog
from flask import make_response, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug import Response

from lmssocial.core.hooks import Widget
from lmssocial.core.kernel.words import gettext as _
from lmssocial.front.launch.picker_items import Tool, items
from lmssocial.front.launch.picker_service import Choice
from lmssocial.lms.lti import deep_linking, tool_keys
from lmssocial.lms.lti.deep_linking import LinkItem, Said
from lmssocial.lms.lti.launch import DeepLinkingSettings
from lmssocial.social.communities.models import Placement
from lmssocial.web.errors import new_reference
from lmssocial.web.program import program
from lmssocial.web.security import origin_of, post_only_to

log = structlog.get_logger(__name__)


def cancelled() -> Said:
    """Somebody went back without choosing."""
    return Said(message=_("Nothing was added."), log="cancelled by the person")


def trouble(sentence: str, reason: str) -> Said:
    """There was nothing to choose.

    :param sentence: for the person.
    :param reason: for the administrators of both sides, who find each other's logs by the reference in it.
    """
    reference = new_reference()
    log.warning("deep linking came to nothing", reference=reference, reason=reason)
    said = _("%(sentence)s Reference: %(reference)s", sentence=sentence, reference=reference)
    return Said(error=said, error_log=f"lmssocial {reference}: {reason}")


def link_items(
    session: Session, placed: Sequence[tuple[Placement, bool]], widgets: Mapping[str, Widget]
) -> list[LinkItem]:
    """Placements as links to this installation.

    :param placed: each with whether it was there already.
    """
    public_url = program().settings.public_url
    tool = Tool(launch_url=f"{public_url}/lti/launch", icon_url=f"{public_url}{url_for('registration.icon')}")
    return items(session, placed, widgets, tool)


def sent_back(
    session: Session,
    choice: Choice,
    settings: DeepLinkingSettings,
    links: Sequence[LinkItem],
    said: Said | None = None,
) -> str:
    """The signed answer."""
    sign = tool_keys.signer(session, program().secret_box)
    return deep_linking.answer(choice.asker, settings, links, sign, said)


def hand_over(settings: DeepLinkingSettings, token: str) -> Response:
    """The page that carries the answer to the LMS, by itself or by a button, and can send it nowhere else."""
    post_only_to(origin_of(settings.return_url))
    return make_response(
        render_template("launch/picker_answer.html", return_url=settings.return_url, token=token)
    )

"""Signing somebody in to a running tool, in a browser."""

from flask import Flask
from playwright.sync_api import BrowserContext
from sqlalchemy.orm import Session

from lmssocial.core.kernel.secrets import new_token
from lmssocial.lms.identity.actor import Actor
from tests.support.people import Place, sign_in


def enter_tool(
    app: Flask, session: Session, place: Place, context: BrowserContext, actor: Actor, address: str
) -> None:
    """Let ``actor`` be signed in at ``place`` in all pages of a browser's context.

    :param address: of the tool that runs on the same database.
    """
    token = new_token()
    sign_in(session, place, actor, token)
    session.commit()
    with app.test_request_context():
        serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        cookie = serializer.dumps({"browser": token})
    context.add_cookies([{"name": "lmssocial-local", "value": cookie, "url": address}])

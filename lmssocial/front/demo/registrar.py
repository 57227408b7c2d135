"""Introduces the demo LMS and the tool to each other, on both sides."""

import secrets
import sqlite3

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock
from lmssocial.front.demo import peer_play
from lmssocial.front.demo.crowd import read_gatherings
from lmssocial.front.demo.experts_script import LINK_ID, WEEK, read_expert_script
from lmssocial.front.demo.grading import MAXIMUM
from lmssocial.front.demo.house import House
from lmssocial.front.demo.lms.activities import Activity, place
from lmssocial.front.demo.lms.campus import NAME
from lmssocial.front.demo.lms.gradebook import open_column
from lmssocial.front.demo.lms.store import together
from lmssocial.front.demo.lms.tools import Tool, all_tools, new_client_id, save_tool
from lmssocial.front.demo.peer_script import read_peer_scripts
from lmssocial.front.demo.term import from_work
from lmssocial.lms.identity import platforms
from lmssocial.lms.identity.models import Registration
from lmssocial.lms.identity.platforms import PlatformDraft

TOOL_NAME = "lmssocial"
WEEK_TWO = "link-week-2"
"""The resource link of the discussion that the course comes with."""


def introduce_to_lms(db: sqlite3.Connection, house: House) -> Tool:
    """Register the tool with the LMS under the client id it has, or a new one, and place the first discussion."""
    known = all_tools(db)
    launch_url = f"{house.tool_url}/lti/launch"
    tool = Tool(
        client_id=known[0].client_id if known else new_client_id(),
        deployment_id=known[0].deployment_id if known else secrets.token_hex(4),
        name=TOOL_NAME,
        login_url=f"{house.tool_url}/lti/login",
        launch_url=launch_url,
        redirect_uris=(launch_url,),
        jwks_url=f"{house.tool_url}/lti/jwks.json",
    )
    with together(db):
        save_tool(db, tool)
        if not known:
            _place(db, tool, WEEK_TWO, 2, "Week 2 discussion")
            _open_column(db, tool, WEEK_TWO, "Week 2 discussion", MAXIMUM)
            for gathering in (from_work(), *read_gatherings()):
                _place(db, tool, gathering.link_id, gathering.week, gathering.title)
            for script in read_peer_scripts(clock.now()):
                _place(db, tool, script.link_id, script.week, script.title, widget="peer_rating")
                _open_column(db, tool, script.link_id, script.title, peer_play.MAXIMUM)
            experts = read_expert_script(clock.now())
            _place(db, tool, LINK_ID, WEEK, experts.title, widget="experts")
        else:
            move_activities(db, tool)
    return tool


def _place(
    db: sqlite3.Connection, tool: Tool, link_id: str, week: int, title: str, *, widget: str = "discussion"
) -> None:
    """Put an activity into a week of the course."""
    custom = {"widget": widget}
    place(db, Activity(id=link_id, client_id=tool.client_id, week=week, title=title, custom=custom))


def _open_column(db: sqlite3.Connection, tool: Tool, link_id: str, label: str, maximum: float) -> None:
    """Let an activity have a column in the gradebook, as an instructor who says that it is graded."""
    empty = dict.fromkeys(("resource_id", "tag", "starts", "ends"))
    fields = {"label": label, "score_maximum": maximum, "activity_id": link_id, **empty}
    open_column(db, tool.client_id, fields)


def move_activities(db: sqlite3.Connection, tool: Tool) -> None:
    """Let links that were deep-linked to the tool's former address lead to its present one."""
    db.execute(
        "UPDATE activity SET url = ? WHERE client_id = ? AND url <> ''", (tool.launch_url, tool.client_id)
    )


def introduce_to_tool(session: Session, house: House, tool: Tool) -> Registration:
    """Register the LMS with the tool, approved. When its port moved, the same registration gets the new addresses."""
    draft = PlatformDraft(
        name=NAME,
        issuer=house.lms_url,
        client_id=tool.client_id,
        auth_login_url=f"{house.lms_url}/lti/authorize",
        token_url=f"{house.lms_url}/lti/token",
        jwks_url=f"{house.lms_url}/lti/jwks.json",
        family="northfield",
    )
    tenant, _ = platforms.tenant_named(session, NAME)
    known = session.scalar(
        select(Registration).where(
            Registration.tenant_id == tenant.id, Registration.client_id == tool.client_id
        )
    )
    if known is not None:
        platforms.take_over(known, draft)
        session.flush()  # the next step finds it by its new issuer
    return platforms.add(session, tenant, draft, tool.deployment_id, update=True).registration

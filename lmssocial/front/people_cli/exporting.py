"""Handing out everything that is kept about a person, as JSON."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.db.held import handed_out
from lmssocial.core.hooks import Level, PluginHost
from lmssocial.core.kernel import clock
from lmssocial.front.people_cli import log
from lmssocial.front.people_cli.held import HELD
from lmssocial.lms.identity.models import Course, Membership, Registration, Tenant, User
from lmssocial.social.plugin_settings.service import settings_at

HOOK = "lmssocial_export_person"


class NotExported(Exception):
    """A plugin could not say what it keeps. An answer with a hole in it would be a false one, so there is none."""


def export(session: Session, host: PluginHost, user: User) -> dict[str, Any]:
    """Everything there is about ``user``, in plain JSON values; without what would tell of others.

    :raises NotExported: if a plugin raises.
    """
    return {
        "made_at": clock.now().isoformat(),
        "person": _person(session, user),
        "courses": _courses(session, user),
        "kept": handed_out(session, user.id, HELD),
        "plugins": {name: _of(host, name, session, user) for name in host.implementers(HOOK)},
        "log": log.own(session, user.id, user.tenant_id),
    }


def _of(host: PluginHost, name: str, session: Session, user: User) -> Mapping[str, Any]:
    try:
        known = {"user_id": user.id, "session": session, "settings": _settings(host, name, session, user)}
        found: Mapping[str, Any] = host.call(HOOK, name, known)
    except Exception as error:
        raise NotExported(f"{name} could not say what it keeps: {_line(error)}") from error
    return found


def _settings(host: PluginHost, name: str, session: Session, user: User) -> Any:
    """How the plugin is set where they are, whether it is on or not."""
    manifest = host.manifests.get(name)
    if manifest is None:
        return None
    return settings_at(session, manifest, level=Level.TENANT, place_id=user.tenant_id)


def _person(session: Session, user: User) -> dict[str, Any]:
    registration = session.get_one(Registration, user.registration_id)
    return {
        "number": user.id,
        "institution": session.get_one(Tenant, user.tenant_id).name,
        "platform": registration.name,
        "id_of_the_platform": user.sub,
        "id_in_lti_1_1": user.legacy_id,
        "name": user.name,
        "email": user.email,
        "locale": user.locale,
        "first_seen": user.created_at.isoformat(),
        "last_seen": user.last_seen_at.isoformat() if user.last_seen_at else None,
    }


def _courses(session: Session, user: User) -> list[dict[str, Any]]:
    rows = session.execute(
        select(Course.id, Course.title, Membership.roles, Membership.joined_at, Membership.left_at)
        .join(Membership, Membership.course_id == Course.id)
        .where(Membership.user_id == user.id)
        .order_by(Course.id)
    )
    return [
        {
            "number": row.id,
            "title": row.title,
            "roles": row.roles.split(),
            "since": row.joined_at.isoformat(),
            "left": row.left_at.isoformat() if row.left_at else None,
        }
        for row in rows
    ]


def _line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]

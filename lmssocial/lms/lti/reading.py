"""From checked claims to a :class:`Launch`: what is optional is read kindly, what makes no sense is left out."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from lmssocial.lms.lti import claims
from lmssocial.lms.lti.checks import Claims, is_web_address
from lmssocial.lms.lti.launch import (
    Context,
    DeepLinkingSettings,
    Grades,
    Groups,
    Launch,
    Memberships,
    MessageType,
    NoticeService,
    Person,
    Presentation,
    ResourceLink,
)
from lmssocial.lms.lti.migration import read_migration
from lmssocial.lms.lti.platforms import Platform
from lmssocial.lms.lti.roles import parse_roles

MAX_TEXT = 300
"""Characters kept of a title or name."""
MAX_LONG_TEXT = 4000
"""Characters kept of a description or a custom parameter."""

_UNRESOLVED = re.compile(r"\$[A-Za-z][A-Za-z0-9_.]*")
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
"""Control characters (but tab and line feed) and halves of surrogate pairs: neither database nor page can hold them."""
_LOCALE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,4}")


def read_launch(token: Claims, platform: Platform, message_type: MessageType) -> Launch:
    """Read the claims of a message that passed every check."""
    presentation = _object(token, claims.LAUNCH_PRESENTATION)
    person = _person(token)
    return Launch(
        message_type=message_type,
        registration_id=platform.registration_id,
        deployment_id=str(token[claims.DEPLOYMENT_ID]),
        person=person,
        roles=parse_roles(token[claims.ROLES]),
        context=read_context(token),
        resource_link=_resource_link(_object(token, claims.RESOURCE_LINK)),
        target_link_uri=_text(token.get(claims.TARGET_LINK_URI), MAX_LONG_TEXT),
        custom=_custom(_object(token, claims.CUSTOM)),
        locale=_locale(presentation.get("locale")) or person.locale,
        presentation=Presentation(
            document_target=_text(presentation.get("document_target")),
            return_url=_address(presentation.get("return_url")),
        ),
        product_family=_text(_object(token, claims.TOOL_PLATFORM).get("product_family_code")).lower(),
        memberships=_memberships(_object(token, claims.NAMES_AND_ROLES)),
        grades=_grades(_object(token, claims.GRADES)),
        groups=_groups(_object(token, claims.GROUPS)),
        notices=_notices(_object(token, claims.NOTICE_SERVICE)),
        deep_linking=(
            _deep_linking(_object(token, claims.DEEP_LINKING_SETTINGS))
            if message_type is MessageType.DEEP_LINKING
            else None
        ),
        migration=read_migration(token, platform),
        review_of=(
            _object(token, claims.FOR_USER).get("user_id")
            if message_type is MessageType.SUBMISSION_REVIEW
            else None
        ),
        issued_at=datetime.fromtimestamp(token["iat"], UTC) if "iat" in token else None,
    )


def _person(token: Claims) -> Person:
    return Person(
        sub=token.get("sub"),
        name=_line(token.get("name")),
        given_name=_line(token.get("given_name")),
        family_name=_line(token.get("family_name")),
        email=_line(token.get("email")),
        locale=_locale(token.get("locale")),
    )


def read_context(token: Claims) -> Context | None:
    """The course that a message or notice speaks of, after :mod:`~lmssocial.lms.lti.checks` looked at it."""
    stated = _object(token, claims.CONTEXT)
    if not stated:
        return None
    return Context(
        id=stated["id"],
        title=_line(stated.get("title")),
        label=_line(stated.get("label")),
        types=tuple(_texts(stated.get("type"))),
    )


def _resource_link(stated: Mapping[str, Any]) -> ResourceLink | None:
    if not stated:
        return None
    return ResourceLink(
        id=str(stated.get("id", "")),
        title=_line(stated.get("title")),
        description=_text(stated.get("description"), MAX_LONG_TEXT),
    )


def _custom(stated: Mapping[str, Any]) -> Mapping[str, str]:
    """Text, and numbers and booleans as text (Canvas sends them); what the LMS did not resolve is not there."""
    kept: dict[str, str] = {}
    for name, value in stated.items():
        if isinstance(value, bool):
            value = str(value).lower()  # noqa: PLW2901 -- as JSON writes it
        if isinstance(value, str | int | float) and not _UNRESOLVED.fullmatch(str(value)):
            kept[name] = _text(str(value), MAX_LONG_TEXT)
    return MappingProxyType(kept)


def _memberships(stated: Mapping[str, Any]) -> Memberships | None:
    url = _address(stated.get("context_memberships_url"))
    return Memberships(url=url, versions=tuple(_texts(stated.get("service_versions")))) if url else None


def _grades(stated: Mapping[str, Any]) -> Grades | None:
    grades = Grades(
        scopes=frozenset(_texts(stated.get("scope"))),
        line_items_url=_address(stated.get("lineitems")),
        line_item_url=_address(stated.get("lineitem")),
    )
    return grades if grades.line_items_url or grades.line_item_url else None


def _groups(stated: Mapping[str, Any]) -> Groups | None:
    url = _address(stated.get("context_groups_url"))
    if not url:
        return None
    return Groups(
        scopes=frozenset(_texts(stated.get("scope"))),
        groups_url=url,
        sets_url=_address(stated.get("context_group_sets_url")),
    )


def _notices(stated: Mapping[str, Any]) -> NoticeService | None:
    url = _address(stated.get("platform_notification_service_url"))
    if not url:
        return None
    return NoticeService(
        url=url,
        kinds=frozenset(_texts(stated.get("notice_types_supported"))),
        scopes=frozenset(_texts(stated.get("scope"))),
    )


def _deep_linking(stated: Mapping[str, Any]) -> DeepLinkingSettings:
    data = stated.get("data")
    return DeepLinkingSettings(
        return_url=stated["deep_link_return_url"],
        accept_types=frozenset(_texts(stated.get("accept_types"))),
        accept_document_targets=frozenset(_texts(stated.get("accept_presentation_document_targets"))),
        accept_multiple=stated.get("accept_multiple") is True,
        accept_line_item=stated.get("accept_lineitem") is not False,  # Moodle takes one without saying so
        auto_create=stated.get("auto_create") is True,
        data=data if isinstance(data, str) else None,
        title=_line(stated.get("title")),
        text=_text(stated.get("text"), MAX_LONG_TEXT),
    )


def _object(token: Claims, name: str) -> Mapping[str, Any]:
    return token.get(name) or {}


def _text(stated: object, longest: int = MAX_TEXT) -> str:
    return _UNPRINTABLE.sub("", stated).strip()[:longest] if isinstance(stated, str) else ""


def _line(stated: object) -> str:
    return " ".join(_text(stated).split())


def _texts(stated: object) -> Iterable[str]:
    return [_text(one) for one in stated if isinstance(one, str)] if isinstance(stated, list) else []


def _address(stated: object) -> str:
    return stated if is_web_address(stated) and len(stated) <= MAX_LONG_TEXT else ""


def _locale(stated: object) -> str:
    """A language tag; LMS write ``de_AT`` as often as ``de-AT``."""
    tag = _text(stated, 35).replace("_", "-")
    return tag if _LOCALE.fullmatch(tag) else ""

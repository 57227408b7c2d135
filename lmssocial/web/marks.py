"""Small pieces of HTML that a page repeats hundreds of times: icons, faces, roles, moments.

They are functions and not Jinja macros for their speed, and keep what they made. Templates import them under their
short names from ``macros/icons.html``, ``people.html`` and ``time.html``.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from functools import lru_cache

from flask import Flask
from markupsafe import Markup

from lmssocial.core.hooks import Badge
from lmssocial.web import assets, i18n


def _l(text: str) -> str:
    """Marks a text for translators; it is translated when it is said."""
    return text


ROLES = {
    "learner": _l("learner"),
    "instructor": _l("instructor"),
    "teaching_assistant": _l("teaching assistant"),
    "mentor": _l("mentor"),
    "administrator": _l("administrator"),
    "content_developer": _l("content developer"),
    "former": _l("former member"),
}
"""LMS roles in words, as they stand behind a name."""
_MEMBER = _l("member")

_TURNING = frozenset(
    {
        "arrow-left",
        "chevron-left",
        "chevron-right",
        "external-link",
        "list",
        "list-ordered",
        "list-todo",
        "log-out",
        "quote",
        "reply",
        "send",
        "undo-2",
    }
)
"""Icons that point along the line of text, and turn round where it runs from right to left."""


def init_app(app: Flask) -> None:
    """Give templates the functions under the names that only the macro files use."""
    app.jinja_env.globals.update(
        draw_icon=icon,
        draw_face=face,
        draw_badges=badges,
        draw_moment=when,
        draw_role=role_tag,
        role_in_words=role_name,
    )


def icon(name: str) -> Markup:
    """A drawing from the sprite; silent, because words stand beside it.

    :raises AssetsMissing: if the assets were not built.
    """
    return _icon(name, assets.asset("icons.svg"))


@lru_cache(maxsize=512)
def _icon(name: str, sprite: str) -> Markup:
    kind = "icon turns" if name in _TURNING else "icon"
    drawing = Markup('<svg class="{}" aria-hidden="true"><use href="{}#{}"></use></svg>')
    return drawing.format(kind, sprite, name)


@lru_cache(maxsize=4096)
def face(name: str | None, size: str = "") -> Markup:
    """Initials in a circle; silent, because the name stands beside it.

    :param size: ``"small"``, or nothing.
    """
    parts = (name or "").split()
    initials = parts[0][0] + (parts[-1][0] if len(parts) > 1 else "") if parts else "?"
    kind = f"face face-{size}" if size else "face"
    return Markup('<span class="{}" aria-hidden="true">{}</span>').format(kind, initials.upper())


def role_name(role: str) -> str:
    """An LMS role in words; what is not known is a member."""
    return i18n.translated(ROLES.get(role, _MEMBER))


def role_tag(role: str) -> Markup:
    """An LMS role behind a name: a tag, but for learners plain text, so that those who can be asked stand out."""
    return _role_tag("soft" if role == "learner" else "tag", role_name(role))


@lru_cache(maxsize=256)
def _role_tag(kind: str, words: str) -> Markup:
    return Markup('<span class="{}">{}</span>').format(kind, words)


def badges(shown: Iterable[Badge]) -> Markup:
    """A few words behind a name, each with the sentence that says where it comes from: on hover, and read aloud."""
    return Markup("").join(_badge(one.label, one.why) for one in shown)


@lru_cache(maxsize=1024)
def _badge(label: str, why: str) -> Markup:
    if not why:
        return Markup(' <span class="tag"><bdi>{}</bdi></span>').format(label)
    return Markup(
        ' <span class="tag" title="{1}"><bdi>{0}</bdi><span class="only-heard">: {1}</span></span>'
    ).format(label, why)


def when(moment: datetime) -> Markup:
    """A moment: absolute in the reader's language and zone, and "4 minutes ago" where scripts run."""
    return _when(int(moment.timestamp()), i18n.moment(moment))


@lru_cache(maxsize=4096)
def _when(second: int, words: str) -> Markup:
    machine = datetime.fromtimestamp(second, UTC).isoformat()
    return Markup(
        '<relative-time datetime="{0}" threshold="P6D" prefix=""><time datetime="{0}">{1}</time></relative-time>'
    ).format(machine, words)

"""What a plugin says of itself before any of its hooks is called."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from enum import StrEnum
from typing import Any

from lmssocial.core.hooks.types import Need

NAME = re.compile(r"[a-z][a-z0-9_]{1,30}")


class Level(StrEnum):
    """The level down to which a plugin may be switched on and set."""

    INSTALLATION = "installation"
    """For the whole installation only."""
    TENANT = "tenant"
    """Also for one tenant."""
    COURSE = "course"
    """Also for one course."""


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """The static facts of a plugin, as the module-level name ``manifest``.

    :param name: the name of its entry point; also the prefix of its tables (``name__``) and events (``name.``).
    :param title: its name for people.
    :param summary: one sentence that says what it does.
    :param api: the hook API it was written for, as ``(major, minor)``.
    :param settings: a frozen dataclass whose defaults are its settings; ``None`` if it has none.
    :param settings_form: a ``SafeForm`` subclass with the same field names.
    :param configured_per: how far down it may be switched on and set.
    :param needs: what its policy hooks have to know beyond the words.
    :param migrations: the folder with its schema revisions, beside the module; its tables begin with ``name__``.
    :param pages: a Flask blueprint of its own, as ``"package.module:attribute"``; mounted at
        ``/w/<placement_id>/x/<name>`` and imported by the web process only.
    :param translations: the folder with its catalogues, beside the module (``de/LC_MESSAGES/messages.mo``).
    :param secrets: names of settings that are secrets: kept sealed, never shown again; empty in a form means
        "as it is".
    :param set_above: settings that are not decided everywhere: name → the lowest level at which they are. Below it they
        are as decided there, and stand in no form.
    :param stores: one sentence for the administrator: what it keeps about people, and for how long.
    :raises ValueError: if the name, the settings class or what is said of its settings is not acceptable.
    """

    name: str
    title: str
    summary: str
    api: tuple[int, int] = (1, 0)
    settings: type[Any] | None = None
    settings_form: type[Any] | None = None
    configured_per: Level = Level.COURSE
    needs: frozenset[Need] = frozenset()
    migrations: str = ""
    pages: str = ""
    translations: str = "translations"
    secrets: frozenset[str] = frozenset()
    set_above: Mapping[str, Level] = field(default_factory=dict)
    stores: str = ""

    def __post_init__(self) -> None:
        """Refuse what could not be stored or shown."""
        if not NAME.fullmatch(self.name):
            raise ValueError(
                f"{self.name!r}: a plugin's name is a small letter followed by letters, digits or _"
            )
        if self.settings is not None and not is_dataclass(self.settings):
            raise ValueError(f"{self.name}: settings must be a dataclass")
        known = {setting.name for setting in fields(self.settings)} if self.settings else set()
        if strange := sorted((self.secrets | self.set_above.keys()) - known):
            raise ValueError(f"{self.name}: {', '.join(strange)} in secrets or set_above is no setting")

"""The host: loads plugins one by one, calls them one by one, and lets none of them harm another.

pluggy keeps the specifications and checks the signatures; the calls are ours, because pluggy stops at the first
exception and knows nothing of tenants.
"""

import inspect
import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from types import ModuleType
from typing import Any

import pluggy
import structlog

from lmssocial.core.hooks import spec
from lmssocial.core.hooks.manifest import Manifest
from lmssocial.core.hooks.types import Stance

log = structlog.get_logger(__name__)

GROUP = "lmssocial.plugins"


@dataclass(frozen=True)
class Answer:
    """What one plugin said to one call: a value or an error, never both."""

    plugin: str
    value: Any = None
    error: Exception | None = None


@dataclass(frozen=True)
class Broken:
    """A plugin that is installed and could not be loaded."""

    name: str
    reason: str
    """One sentence for the administrator."""
    details: str = ""
    """The traceback, if there is one."""
    command: str = ""
    """What the administrator can run to mend it, if one command does."""


@dataclass(frozen=True)
class Reach:
    """Which plugins are on in one place, and how each of them is set there."""

    enabled: frozenset[str] = frozenset()
    values: Mapping[str, Any] = field(default_factory=dict)
    stances: Mapping[str, Stance] = field(default_factory=dict)
    """How much the word of each policy counts here."""
    absent: frozenset[str] = frozenset()
    """Plugins that are on here and cannot be called: uninstalled, broken, left out, or switched off by the breaker."""

    def settings(self, plugin: str) -> Any:
        """The settings of ``plugin`` here: an instance of its settings dataclass, or ``None`` if it has none."""
        return self.values.get(plugin)

    def stance(self, plugin: str) -> Stance:
        """How much the word of ``plugin`` counts here; until somebody decided, it is only noted."""
        return self.stances.get(plugin, Stance.SHADOW)


class PluginHost:
    """All plugins of this process. Made once in the composition root; nothing in it changes afterwards."""

    def __init__(self) -> None:
        """Start with the specifications and no plugin."""
        self._manager = pluggy.PluginManager(spec.PROJECT)
        self._manager.add_hookspecs(spec)
        self.manifests: dict[str, Manifest] = {}
        self.builtin: set[str] = set()
        self.broken: dict[str, Broken] = {}
        self.importable: set[str] = set()
        """Plugins that came from an entry point, so that another process can import them, too."""

    @classmethod
    def load(cls, *, only: tuple[str, ...] | None = None, safe_mode: bool = False) -> "PluginHost":
        """Load what is installed: always the built-in widgets, and the other plugins unless ``safe_mode``.

        :param only: names to narrow the others to; ``None`` means every installed one.
        """
        host = cls()
        for point in installed():
            builtin = point.module.startswith("lmssocial.")
            if builtin or (not safe_mode and (only is None or point.name in only)):
                host.load_entry_point(point, builtin=builtin)
        for name in sorted(set(only or ()) - host.manifests.keys() - host.broken.keys()):
            if not safe_mode:
                host.broken[name] = Broken(name, f"LMSSOCIAL_PLUGINS names {name}, which is not installed.")
        return host

    def load_entry_point(self, point: EntryPoint, *, builtin: bool = False) -> None:
        """Import and register one plugin; a failure is remembered and stops nobody else."""
        try:
            module = point.load()
        except Exception as error:  # noqa: BLE001 – whatever somebody else's import raises
            self._break(point.name, f"It cannot be imported: {type(error).__name__}: {error}", error)
            return
        self.register(module, point.name, builtin=builtin)
        if point.name in self.manifests:
            self.importable.add(point.name)

    def register(self, module: ModuleType | Any, name: str, *, builtin: bool = False) -> None:
        """Register an imported plugin under ``name``, or note in ``broken`` why not."""
        try:
            manifest = self._checked(module, name)
            self._manager.register(module, name=name)
            self._manager.check_pending()
            self._refuse_ordering(name)
        except Exception as error:  # noqa: BLE001 – a plugin's faults are shown, not raised
            if name not in self.manifests and self._manager.has_plugin(name):
                self._manager.unregister(name=name)
            self._break(name, str(error), error)
            return
        self.manifests[name] = manifest
        if builtin:
            self.builtin.add(name)

    def _break(self, name: str, reason: str, error: Exception) -> None:
        log.error("plugin not loaded", plugin=name, reason=reason)
        self.broken[name] = Broken(name, reason, "".join(traceback.format_exception(error)))

    def _checked(self, module: Any, name: str) -> Manifest:
        manifest = getattr(module, "manifest", None)
        if not isinstance(manifest, Manifest):
            raise TypeError(f"{name} has no manifest: define manifest = Manifest(…) at module level.")
        if manifest.name != name:
            raise ValueError(
                f"The manifest says {manifest.name!r}, the entry point says {name!r}; they must agree."
            )
        if name in self.manifests:
            raise ValueError(f"There is already a plugin named {name}.")
        major, minor = manifest.api
        if major != spec.HOOK_API[0] or minor > spec.HOOK_API[1]:
            ours = ".".join(map(str, spec.HOOK_API))
            raise ValueError(f"It is written for hook API {major}.{minor}; this lmssocial has {ours}.")
        _try_defaults(manifest)
        for attribute in dir(module):
            if attribute.startswith("lmssocial_") and not hasattr(self._manager.hook, attribute):
                value = getattr(module, attribute)
                if inspect.isfunction(value):
                    raise ValueError(f"{attribute} is not a hook of lmssocial.")
        return manifest

    def _refuse_ordering(self, name: str) -> None:
        plugin = self._manager.get_plugin(name)
        for caller in self._manager.get_hookcallers(plugin) or ():
            for impl in caller.get_hookimpls():
                if impl.plugin_name == name and (
                    impl.tryfirst or impl.trylast or impl.wrapper or impl.hookwrapper
                ):
                    raise ValueError(
                        f"{caller.name} uses tryfirst, trylast or a wrapper; answers must not depend on order."
                    )

    def ask(self, hook: str, reach: Reach, **facts: Any) -> Iterator[Answer]:
        """Call ``hook`` on each plugin within ``reach``, in order of name; yield every answer, good or bad.

        An implementation that returns ``None`` has abstained and yields nothing.
        """
        for name, function, wanted in self._implementations(hook):
            if name not in reach.enabled:
                continue
            known = {**facts, "settings": reach.settings(name)}
            answer = _call(hook, name, function, wanted, known)
            if answer is not None:
                yield answer

    def collect(self, hook: str) -> Iterator[Answer]:
        """Call a registration hook on every loaded plugin, whatever is switched on where."""
        for name, function, wanted in self._implementations(hook):
            answer = _call(hook, name, function, wanted, {})
            if answer is not None:
                yield answer

    def implementers(self, hook: str) -> list[str]:
        """The names of the loaded plugins that implement ``hook``, sorted."""
        return [name for name, *_ in self._implementations(hook)]

    def call(self, hook: str, name: str, known: Mapping[str, Any]) -> Any:
        """Call the implementation of ``hook`` of one plugin; whatever it raises goes through.

        :raises LookupError: if the plugin does not implement it.
        """
        for other, function, wanted in self._implementations(hook):
            if other == name:
                return function(**{argument: known[argument] for argument in wanted})
        raise LookupError(f"{name} does not implement {hook}")

    def hooks_of(self, name: str) -> list[str]:
        """The names of the hooks that a loaded plugin implements."""
        plugin = self._manager.get_plugin(name)
        return sorted(caller.name for caller in self._manager.get_hookcallers(plugin) or ())

    def is_policy(self, name: str) -> bool:
        """Whether a loaded plugin judges what people write, so that it can take a stance."""
        return any(hook.startswith("lmssocial_screen_") for hook in self.hooks_of(name))

    def drop(self, name: str, reason: str, error: Exception | None = None) -> None:
        """Take a loaded plugin out again because what it registered cannot be used."""
        self._manager.unregister(name=name)
        self.manifests.pop(name, None)
        self._break(name, reason, error or ValueError(reason))

    def hold(self, name: str, reason: str, *, command: str) -> None:
        """Take a loaded plugin out again until an administrator has run ``command``."""
        self._manager.unregister(name=name)
        self.manifests.pop(name, None)
        log.warning("plugin held back", plugin=name, reason=reason, command=command)
        self.broken[name] = Broken(name, reason, command=command)

    def folder_of(self, name: str) -> Path | None:
        """The folder of a loaded plugin's module; ``None`` for one that has no file."""
        file = getattr(self._manager.get_plugin(name), "__file__", None)
        return None if file is None else Path(file).parent

    def translations(self) -> list[Path]:
        """The folders with the catalogues of all loaded plugins, by name; what is built in has the core's."""
        found = []
        for name, manifest in sorted(self.manifests.items()):
            folder = None if name in self.builtin else self.folder_of(name)
            if folder is not None and manifest.translations and (folder / manifest.translations).is_dir():
                found.append(folder / manifest.translations)
        return found

    def _implementations(self, hook: str) -> list[tuple[str, Callable[..., Any], tuple[str, ...]]]:
        caller: pluggy.HookCaller = getattr(self._manager.hook, hook)
        found = [(impl.plugin_name, impl.function, tuple(impl.argnames)) for impl in caller.get_hookimpls()]
        return sorted(found, key=lambda entry: entry[0])


def _try_defaults(manifest: Manifest) -> None:
    """Nothing can be made of settings without defaults, wherever nobody decided anything.

    :raises ValueError: if there are such.
    """
    if manifest.settings is None:
        return
    try:
        manifest.settings()
    except Exception as error:
        raise ValueError(
            f"{manifest.settings.__name__}() cannot be made without arguments: {error}"
        ) from error


def _call(
    hook: str, name: str, function: Callable[..., Any], wanted: tuple[str, ...], known: Mapping[str, Any]
) -> Answer | None:
    try:
        value = function(**{argument: known[argument] for argument in wanted})
    except Exception as error:  # a plugin may raise anything; SystemExit and the like still end the process
        log.exception("plugin failed", plugin=name, hook=hook)
        return Answer(name, error=error)
    return None if value is None else Answer(name, value)


def installed() -> list[EntryPoint]:
    """Entry points of everything installed, built-in ones first, then by name. Nothing is imported."""
    points = entry_points(group=GROUP)
    return sorted(points, key=lambda point: (not point.module.startswith("lmssocial."), point.name))

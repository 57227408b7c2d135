"""Asking one policy about one thing, in whichever process."""

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel.support import NullTranslations

from lmssocial import paths
from lmssocial.core.hooks.host import PluginHost
from lmssocial.core.hooks.types import Submission, Verdict
from lmssocial.core.hooks.verdicts import check_verdict
from lmssocial.core.kernel import catalogues
from lmssocial.core.kernel.words import Translator, speaking

_CORE_TRANSLATIONS = Path(paths.__file__).parent / "translations"


def judge(
    host: PluginHost, hook: str, name: str, facts: Mapping[str, Any], settings: Any, locale: str
) -> Verdict | None:
    """What the policy ``name`` says about ``facts``; ``None`` if it abstains.

    :param locale: the author's, such as ``de_AT``; empty for the language spoken at this moment.
    :raises Nonsense: if it answers something that is no verdict.
    :raises Exception: whatever the policy raises.
    """
    with _language(host, name, locale):
        value = host.call(hook, name, {**facts, "settings": settings})
        return None if value is None else check_verdict(value, source_length(facts))


def source_length(facts: Mapping[str, Any]) -> int:
    """How many characters there are for spans to point at: none where the hook is not about a text."""
    submission = facts.get("submission")
    return len(submission.source) if isinstance(submission, Submission) else 0


def read_catalogues(host: PluginHost) -> None:
    """Read the sentences of all plugins in all languages now, so that no policy's time is spent on it."""
    own = (_translations(host, name) for name in host.manifests)
    for folder in (_CORE_TRANSLATIONS, *(found for found in own if found is not None)):
        for place in folder.glob("*/LC_MESSAGES"):
            _read(folder, place.parent.name)


def _language(host: PluginHost, name: str, locale: str) -> AbstractContextManager[None]:
    if not locale:
        return nullcontext()
    return speaking(_translator(_translations(host, name), locale.replace("-", "_")))


def _translations(host: PluginHost, name: str) -> Path | None:
    folder = host.folder_of(name)
    return None if folder is None else folder / host.manifests[name].translations


@lru_cache(maxsize=1024)
def _translator(folder: Path | None, locale: str) -> Translator:
    """Looks a text up in ``folder`` and then in the core's catalogue; what is in neither stays as it is."""
    core = _nearest(_CORE_TRANSLATIONS, locale)
    if folder is None:
        return core.gettext
    own = _nearest(folder, locale)

    def translate(text: str) -> str:
        said = own.gettext(text)
        return core.gettext(text) if said == text else said

    return translate


def _nearest(folder: Path, locale: str) -> NullTranslations:
    """The catalogue of ``de_AT``, else of ``de``, else one without texts."""
    if not locale.replace("_", "").isalnum():  # it becomes part of a path
        return NullTranslations()
    return _read(folder, locale if (folder / locale).is_dir() else locale.partition("_")[0])


@lru_cache(maxsize=256)
def _read(folder: Path, locale: str) -> NullTranslations:
    return catalogues.load(folder, locale)

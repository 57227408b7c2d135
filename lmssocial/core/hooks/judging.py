"""Asking one policy about one thing, in whichever process."""

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from functools import lru_cache
from gettext import NullTranslations
from pathlib import Path
from typing import Any

from lmssocial import paths
from lmssocial.core.hooks.host import PluginHost
from lmssocial.core.hooks.types import Submission, Verdict
from lmssocial.core.hooks.verdicts import check_verdict
from lmssocial.core.kernel import catalogues
from lmssocial.core.kernel.words import speaking

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


def _language(host: PluginHost, name: str, locale: str) -> AbstractContextManager[None]:
    if not locale:
        return nullcontext()
    folder = host.folder_of(name)
    own = "" if folder is None else str(folder / host.manifests[name].translations)
    return speaking(_catalogue(own, locale.replace("-", "_")).gettext)


@lru_cache(maxsize=1024)
def _catalogue(folder: str, locale: str) -> NullTranslations:
    """The catalogue in ``folder``, over the core's; one without texts where there is none for ``locale``."""
    core = catalogues.load(_CORE_TRANSLATIONS, locale)
    if not folder:
        return core
    own = catalogues.load(Path(folder), locale)
    own.add_fallback(core)
    return own

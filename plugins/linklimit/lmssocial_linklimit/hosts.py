"""Finding addresses of certain hosts in a post: as links, and in everything that a reader could copy."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from lmssocial.plugin import Span, Submission
from lmssocial_linklimit.reading import Reading, read

SHOWN = 50
"""Places that are marked for the author; more help nobody."""

_TOKEN = re.compile(r"(?<![\w.@-])(?<!\w['’])(?<![^/]/)[\w-][\w.-]{2,252}")
"""What could be a host. Not the end of an e-mail address, not the ``t.me`` of "I can't.Me too", no part of a path."""
_SCHEME = re.compile(r"[a-z*]{2,8}\s?:\s?[/\\]{2,4}(?:www\.)?$")
_REAL_SCHEME = re.compile(r"https?:[/\\]")
_PATH = re.compile(r"\.?(?::\d{1,5})?/[^\s<>()\[\]\"'`]*[^\s<>()\[\]\"'`.,;:!?]")
_ADDRESS = re.compile(r"https?:[/\\]+([^/\\?#]*)(.*)", re.IGNORECASE | re.DOTALL)
"""The host and the rest, as browsers part them: any number of slashes, of either kind."""


@dataclass(frozen=True)
class Hit:
    """An address of one of the hosts."""

    entry: str
    """The host as it stands in the list."""
    span: Span | None
    """Where it stands in the source, if it stands there as such."""


def find(submission: Submission, reading: Reading, entries: Iterable[str]) -> list[Hit]:
    """Addresses of the hosts ``entries`` in ``submission``: in its links, and in its text and title in any disguise.

    A host alone in plain text is no address ("what is bit.ly?"); with a path, with a scheme before it, with a name
    before it or in disguise it is one.

    :param reading: the source, read.
    :param entries: hosts such as ``bit.ly``, which also stand for their subdomains, or with the beginning of a path
        such as ``discord.com/invite``.
    """
    known: dict[str, tuple[str, ...]] = {}
    for entry in entries:
        host, _slash, beginning = entry.partition("/")
        known[host] = (*known.get(host, ()), beginning)
    hits = list(_in_text(reading, known))
    found = {hit.entry for hit in hits}
    for text in {submission.title, submission.text} - {submission.source}:
        hits += [Hit(hit.entry, None) for hit in _in_text(read(text), known) if hit.entry not in found]
        found = {hit.entry for hit in hits}
    for link in submission.links:
        for entry in _in_link(link, known):
            if entry not in found:
                at = submission.source.find(link)
                hits.append(Hit(entry, Span(at, at + len(link)) if at >= 0 else None))
                found.add(entry)
    return hits


def tidy_entry(entry: str) -> str:
    """An entry of a list, however it is written, as ``host`` or ``host/beginning``; empty if it is none."""
    bare = entry.strip().casefold().removeprefix("https://").removeprefix("http://").removeprefix("www.")
    host, _slash, path = bare.partition("/")
    host, path = host.strip("."), path.strip("/")
    return f"{host}/{path}".rstrip("/") if "." in host else ""


def spans(hits: Iterable[Hit]) -> tuple[Span, ...]:
    """The places of ``hits``, each once, in order."""
    found = {(hit.span.start, hit.span.end) for hit in hits if hit.span is not None}
    return tuple(Span(*place) for place in sorted(found)[:SHOWN])


def host_of(link: str) -> tuple[str, str]:
    """The host of an address and what follows it, as a browser understands them; empty if it leads to no host."""
    parts = _ADDRESS.match(link.strip())
    if parts is None:
        return "", ""
    authority = read(unquote(parts[1])).text.rpartition("@")[2]
    return authority.partition(":")[0].strip("."), parts[2]


def hidden(reading: Reading) -> set[str]:
    """Addresses of any host whose scheme, dots or slashes are in disguise, so that they are no links to a machine."""
    found = set()
    for host, start, end in _tokens(reading):
        before = _SCHEME.search(reading.text, max(0, start - 20), start)
        no_scheme = before is not None and _REAL_SCHEME.match(before.group()) is None
        has_path = end > start + len(host)
        if no_scheme or (has_path and reading.is_masked(start, end)):
            found.add(f"https://{reading.text[start:end]}")
    return found


def _in_link(link: str, known: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """The entries that ``link`` leads to, itself or by handing on."""
    host, rest = host_of(link)
    if not host:
        return
    if entry := _match(host, rest, known):
        yield entry
    for hit in _in_text(
        read(unquote(unquote(f"{host}{rest}"))), known
    ):  # www.google.com/url?q=https%3A%2F%2Fbit.ly%2Fx
        yield hit.entry


def _in_text(reading: Reading, known: Mapping[str, tuple[str, ...]]) -> Iterator[Hit]:
    for host, start, end in _tokens(reading):
        entry = _match(host, reading.text[start + len(host) : end], known)
        if not entry:
            continue
        before = _SCHEME.search(reading.text, max(0, start - 20), start)
        is_bare = end == start + len(host) and host in {entry, f"www.{entry}"}
        if before or not is_bare or reading.is_masked(start, end):
            yield Hit(entry, reading.span(before.start() if before else start, end))


def _tokens(reading: Reading) -> Iterator[tuple[str, int, int]]:
    """Everything that could be a host, with its begin and the end of its path."""
    for token in _TOKEN.finditer(reading.text):
        host = token.group().rstrip(".")
        if "." in host:
            after = token.start() + len(host)
            path = _PATH.match(reading.text, after)
            yield host, token.start(), path.end() if path else after


def _match(host: str, rest: str, known: Mapping[str, tuple[str, ...]]) -> str:
    """The entry that ``host``, with the port and path ``rest``, belongs to; empty if there is none."""
    path = rest.partition("/")[2]
    labels = host.split(".")
    for at in range(len(labels) - 1):
        ending = ".".join(labels[at:])
        for beginning in known.get(ending, ()):
            if not beginning:
                return ending
            if path.startswith(beginning) and path[len(beginning) : len(beginning) + 1] in {
                "",
                "/",
                "?",
                "#",
            }:
                return f"{ending}/{beginning}"
    return ""

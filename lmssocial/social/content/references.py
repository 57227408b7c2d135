"""Links from one contribution to another of the same community, followed backwards where the other stands."""

import re
from collections.abc import Iterable

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from lmssocial.core.db.upsert import dialect_insert
from lmssocial.social.content.connection_models import Reference
from lmssocial.social.content.models import Contribution

MAX_REFERENCES = 50
"""How many links of one contribution are followed backwards."""

_OWN_PAGE = re.compile(r"/w/\d{1,9}/[a-z]", re.ASCII)
_PERMALINK = re.compile(r"/w/\d{1,9}/[a-z-]+/posts/(\d{1,9})/?(?:[?#].*)?", re.ASCII)

_ours = {"origin": ""}


def we_are_at(public_url: str) -> None:
    """Say under which address people know this tool; links to it are our own. A process has one such address."""
    _ours["origin"] = public_url.rstrip("/")


def address_of(path: str) -> str:
    """The whole address of one of our own pages; empty as long as nobody said where we are."""
    return f"{_ours['origin']}{path}" if _ours["origin"] else ""


def path_here(href: str) -> str | None:
    """The path of a link to one of our own pages; ``None`` for any other link."""
    ours = _ours["origin"]
    path = href.removeprefix(ours) if ours and href.startswith(f"{ours}/") else href
    return path if _OWN_PAGE.match(path) else None


def named_in(links: Iterable[str]) -> tuple[int, ...]:
    """The ids of the contributions that links lead to, each once, the first :data:`MAX_REFERENCES`."""
    paths = filter(None, (path_here(link) for link in links))
    found = (match for path in paths if (match := _PERMALINK.fullmatch(path)))
    return tuple(dict.fromkeys(int(one.group(1)) for one in found))[:MAX_REFERENCES]


def put(session: Session, contribution: Contribution, links: Iterable[str], *, new: bool) -> None:
    """Keep what a contribution links to now; what is not there, is elsewhere, or is itself, is left out.

    :param new: whether nothing is kept of it yet.
    """
    if not new:
        session.execute(
            delete(Reference)
            .where(Reference.from_id == contribution.id)
            .execution_options(synchronize_session=False)
        )
    wanted = named_in(links)
    if not wanted:
        return
    there = select(Contribution.id).where(
        Contribution.id.in_(set(wanted) - {contribution.id}),
        Contribution.tenant_id == contribution.tenant_id,
        Contribution.community_id == contribution.community_id,
    )
    rows = [{"from_id": contribution.id, "to_id": found} for found in session.scalars(there)]
    if rows:
        insert: postgresql.Insert | sqlite.Insert = dialect_insert(session, Reference).values(rows)
        session.execute(insert.on_conflict_do_nothing(index_elements=["from_id", "to_id"]))

"""What happens alike to whatever people write: it links, is edited, removed and restored."""

from collections.abc import Iterator

from lmssocial_reporting.evidence.telling import Told
from lmssocial_reporting.store.port import Act, Deed


def linked(told: Told, item: str, thread: str) -> Iterator[Act]:
    """Which contributions an item links to, and whose they are."""
    for link, author in told.pairs("links", "linked_author_ids"):
        yield told.act(Deed.LINKED, item=item, thread=thread, target=f"c{link}", other=author)


def edited(told: Told, item: str, thread: str) -> Iterator[Act]:
    """An item got another wording."""
    yield told.act(
        Deed.EDITED,
        item=item,
        thread=thread,
        other=told.number("author_id"),
        number=told.number("changed"),
        whole=told.number("length_before"),
    )


def removed(told: Told, item: str, thread: str) -> Iterator[Act]:
    """By its author an item is removed; by anybody else it is withdrawn, and that is care for the place."""
    author = told.number("author_id")
    if author and author == told.actor:
        yield told.act(Deed.REMOVED, item=item, thread=thread, other=author)
        return
    yield told.act(Deed.WITHDRAWN, item=item, thread=thread, other=author)
    yield told.act(Deed.MODERATED, via="remove", item=item, thread=thread, other=author)


def restored(told: Told, item: str, thread: str) -> Iterator[Act]:
    """An item is back; who brings back what others wrote cares for the place."""
    author = told.number("author_id")
    yield told.act(Deed.RESTORED, item=item, thread=thread, other=author)
    if not author or author != told.actor:
        yield told.act(Deed.MODERATED, via="restore", item=item, thread=thread, other=author)

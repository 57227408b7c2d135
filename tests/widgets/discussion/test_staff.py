"""Pinning and locking."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from lmssocial.core.kernel.errors import NotAllowed
from lmssocial.lms.identity.actor import Actor
from lmssocial.widgets.discussion import service
from tests.support.discussion import (
    PostThread,
    Reply,
    edit,
    events,
)


def test_staff_pin_and_unpin_once(session: Session, ana: Actor, tom: Actor, post_thread: PostThread) -> None:
    posted = post_thread(ana)
    assert service.pin(session, tom, posted.thread_id).pinned
    service.pin(session, tom, posted.thread_id)
    assert not service.unpin(session, tom, posted.thread_id).pinned
    names = [name for name, _, _ in events(session)]
    assert names.count("discussion.thread_pinned") == names.count("discussion.thread_unpinned") == 1


def test_a_locked_thread_takes_words_of_staff_only(
    session: Session, ana: Actor, tom: Actor, post_thread: PostThread, reply: Reply
) -> None:
    posted = post_thread(ana)
    service.lock(session, tom, posted.thread_id)
    with pytest.raises(NotAllowed, match="locked"):
        reply(ana, posted.post_id)
    with pytest.raises(NotAllowed, match="locked"):
        edit(session, ana, posted, "x")
    reply(tom, posted.post_id)
    service.unlock(session, tom, posted.thread_id)
    reply(ana, posted.post_id)


@pytest.mark.parametrize("deed", [service.pin, service.unpin, service.lock, service.unlock])
def test_learners_do_neither(deed: Any, session: Session, ana: Actor, post_thread: PostThread) -> None:
    posted = post_thread(ana)
    with pytest.raises(NotAllowed):
        deed(session, ana, posted.thread_id)

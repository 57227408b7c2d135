"""Files: what names them in a text, who sees them, how they follow their contribution, and when they go."""

import itertools
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.hooks import Span
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import NotFound
from lmssocial.core.storage import Folder, Missing, StorageFailed, new_key
from lmssocial.lms.identity.actor import Actor, Office
from lmssocial.lms.identity.roles import LmsRole
from lmssocial.social.content import access, attachments, unsent, writing
from lmssocial.social.content.attachment_models import Attachment, FileState
from lmssocial.social.content.drafts import Unsent, Writing
from lmssocial.social.content.files import FileView
from lmssocial.social.content.markdown import render
from lmssocial.social.content.models import Contribution, State
from tests.conftest import TestClock
from tests.support.people import Place, make_person, make_place

MakeFile = Callable[..., Attachment]


@pytest.fixture
def place(session: Session) -> Place:
    return make_place(session)


@pytest.fixture
def ana(session: Session, place: Place) -> Actor:
    return make_person(session, place, "Ana Ruiz")


@pytest.fixture
def make_file(session: Session, place: Place) -> MakeFile:
    """The row of a file: ``make_file(ana, state=FileState.HELD)``."""

    def make(uploader: Actor, **more: object) -> Attachment:
        values = {
            "tenant_id": uploader.tenant_id,
            "community_id": uploader.community_id,
            "placement_id": place.placement.id,
            "uploader_id": uploader.user_id,
            "name": "photo.png",
            "media_type": "image/png",
            "size": 1234,
            "digest": "0" * 64,
            "width": 60,
            "height": 40,
            "alt": "A diagram",
            "storage_key": new_key(),
            "verdicts": {},
            "created_at": clock.now(),
        }
        row = Attachment(**(values | more))
        session.add(row)
        session.flush()
        return row

    return make


def publish(session: Session, actor: Actor, place: Place, source: str, *, held: bool = False) -> Contribution:
    files = writing.files_in(session, actor.community_id, actor.user_id, source)
    return writing.add(
        session,
        actor,
        "discussion.reply",
        Writing(source=source),
        render(source, files),
        placement_id=place.placement.id,
        held_because=("A moderator reads this first.",) if held else None,
    )


def state_of(file: Attachment) -> FileState:
    """Its state by now."""
    return file.state


def revise(session: Session, contribution: Contribution, source: str) -> None:
    writing.revise(session, contribution, Writing(source=source), render(source), seen=contribution.version)
    session.flush()


@pytest.mark.parametrize(
    ("source", "ids"),
    [
        ("![x](attachment:7)", (7,)),
        ("[x](attachment:7) and ![y](attachment:3) and [x](attachment:7)", (7, 3)),
        ('![x](attachment:7 "title")', (7,)),
        ("![x](<attachment:7>)", (7,)),
        ("![x](attachment:7a) ![x](attachment:) ![x](attachment:-1) attachment:9", ()),
        ("![x](attachment:99999999999999999999)", ()),
        ("![x](attachment:4294967296)", ()),
        ("![x](attachment:0)", ()),
        ("![x](attachment:٧)", ()),
        ("", ()),
    ],
)
def test_what_names_a_file(source: str, ids: tuple[int, ...]) -> None:
    assert attachments.named_in(source) == ids


def view(**more: object) -> FileView:
    values = {"id": 7, "href": "/w/3/files/7", "name": "a.png", "media_type": "image/png", "size": 4_200}
    return FileView(**(values | more))  # type: ignore[arg-type]  # as the tests give them


def test_a_picture_keeps_its_room_and_its_words() -> None:
    files = {7: view(alt="A diagram", width=60, height=40)}

    assert render("![two *arrows*](attachment:7)", files).html == (
        '<p dir="auto"><img src="/w/3/files/7" alt="two arrows" width="60" height="40" loading="lazy"></p>'
    )
    assert 'alt="A diagram"' in render("![](attachment:7)", files).html, (
        "taken out of the text, said all the same"
    )


def test_words_of_a_picture_are_found_and_its_address_is_no_link() -> None:
    cooked = render("![two arrows](attachment:7) [more](https://example.org/)", {7: view(width=1, height=1)})

    assert cooked.text == "two arrows more"
    assert cooked.links == ("https://example.org/",)


def test_hostile_words_of_a_picture_stay_words() -> None:
    html = render('!["><script>alert(1)</script>](attachment:7)', {7: view(width=1, height=1)}).html

    assert "<script" not in html
    assert html.count("<") == 3  # p, img, /p


def test_what_is_no_picture_is_never_shown_as_one() -> None:
    files = {7: view(name="a.pdf", media_type="application/pdf")}

    assert "<img" not in render("![x](attachment:7)", files).html
    assert '<a href="/w/3/files/7" class="file"' in render("![x](attachment:7)", files).html


def test_what_is_not_known_is_only_words() -> None:
    assert render("![words](attachment:8) [more](attachment:8)").html.count("href") == 0


@pytest.mark.parametrize(
    ("size", "name", "media_type", "facts"),
    [
        (10, "a.pdf", "application/pdf", "PDF, 1 kB"),
        (123_456, "a.csv", "text/plain; charset=utf-8", "CSV, 123 kB"),
        (2_345_678, "a.png", "image/png", "PNG, 2.3 MB"),
    ],
)
def test_a_link_says_what_it_leads_to(size: int, name: str, media_type: str, facts: str) -> None:
    assert view(size=size, name=name, media_type=media_type).facts == facts


@pytest.mark.parametrize("words", ["a]b", "a\\", "*a*", "`a`", "<b>", "![x](y)", "$x$", "~~a~~", "[^1]"])
def test_markdown_for_a_file_means_its_own_words(words: str) -> None:
    file = view(alt=words, width=1, height=1)
    html = render(file.markdown, {7: file}).html

    assert html.startswith('<p dir="auto"><img src="/w/3/files/7" alt="')
    assert render(file.markdown, {7: file}).text == words


def test_who_sees_a_file_is_the_same_as_a_question_and_as_a_clause(
    session: Session, place: Place, ana: Actor, make_file: MakeFile
) -> None:
    ben = make_person(session, place, "Ben Okoro")
    tom = make_person(session, place, "Tom Berg", LmsRole.INSTRUCTOR)
    steward = replace(ben, user_id=make_person(session, place).user_id, offices=frozenset({Office.STEWARD}))
    elsewhere = make_place(session, beside=place)
    strangers = [make_person(session, elsewhere, "", role) for role in (LmsRole.LEARNER, LmsRole.INSTRUCTOR)]
    foreign = make_person(session, make_place(session), "", LmsRole.ADMINISTRATOR)
    forged = replace(ana, tenant_id=foreign.tenant_id)
    actors = [ana, ben, tom, steward, *strangers, foreign, forged]
    post = publish(session, ana, place, "Words").id
    rows = [
        make_file(uploader, state=state, contribution_id=owner)
        for uploader, state, owner in itertools.product((ana, ben), FileState, (None, post))
    ]

    for actor in actors:
        by_clause = set(session.scalars(select(Attachment.id).where(access.files_seen_by(actor))))
        by_question = {row.id for row in rows if access.sees_file(actor, row)}
        assert by_clause & {row.id for row in rows} == by_question, actor
    assert [len([row for row in rows if access.sees_file(actor, row)]) for actor in actors] == [
        7,
        7,
        6,
        6,
        0,
        0,
        0,
        0,
    ]


def test_a_file_is_asked_for_where_it_was_attached(
    session: Session, place: Place, ana: Actor, make_file: MakeFile
) -> None:
    file = make_file(ana)
    assert attachments.file_for(session, ana, place.placement.id, file.id) is file
    for placement_id, file_id in ((place.placement.id + 1, file.id), (place.placement.id, file.id + 1)):
        with pytest.raises(NotFound):
            attachments.file_for(session, ana, placement_id, file_id)


def test_a_file_goes_with_the_post_that_names_it(
    session: Session, place: Place, ana: Actor, make_file: MakeFile
) -> None:
    shown, other = make_file(ana), make_file(ana)
    post = publish(session, ana, place, f"![x](attachment:{shown.id})")

    assert (shown.contribution_id, shown.state) == (post.id, FileState.PUBLISHED)
    assert (other.contribution_id, other.state) == (None, FileState.WAITING)
    assert f'src="/w/{place.placement.id}/files/{shown.id}"' in post.html


def test_with_a_held_post_it_waits(session: Session, place: Place, ana: Actor, make_file: MakeFile) -> None:
    file = make_file(ana)
    post = publish(session, ana, place, f"![x](attachment:{file.id})", held=True)
    assert (file.contribution_id, file.state) == (post.id, FileState.WAITING)

    writing.publish(session, post)
    session.flush()
    assert file.state is FileState.PUBLISHED


def test_nobody_takes_what_belongs_to_another_post_or_person(
    session: Session, place: Place, ana: Actor, make_file: MakeFile
) -> None:
    ben = make_person(session, place, "Ben Okoro")
    bens, used = make_file(ben), make_file(ana)
    first = publish(session, ana, place, f"![x](attachment:{used.id})")
    publish(session, ana, place, f"![x](attachment:{used.id}) ![y](attachment:{bens.id})")

    assert used.contribution_id == first.id
    assert bens.contribution_id is None


def test_what_an_edit_takes_out_is_taken_from_readers_and_comes_back_with_it(
    session: Session, place: Place, ana: Actor, make_file: MakeFile
) -> None:
    file = make_file(ana)
    post = publish(session, ana, place, f"![x](attachment:{file.id})")
    revise(session, post, "Without it.")
    assert (file.contribution_id, file.state) == (post.id, FileState.WAITING)

    revise(session, post, f"Again: ![x](attachment:{file.id})")
    assert state_of(file) is FileState.WAITING, "the policies have not spoken yet"
    writing.publish(session, post)
    session.flush()
    assert state_of(file) is FileState.PUBLISHED


def test_what_a_moderator_takes_out_is_taken_from_readers(
    session: Session, place: Place, ana: Actor, make_file: MakeFile
) -> None:
    out, stays = make_file(ana), make_file(ana)
    source = f"![x](attachment:{out.id}) and ![y](attachment:{stays.id})"
    post = publish(session, ana, place, source)
    cooked = writing.redact(session, post, [Span(0, source.index(" and"))], "Not this one.")
    session.flush()

    assert (out.state, stays.state) == (FileState.WAITING, FileState.PUBLISHED)
    assert cooked.html.count("<img") == 1


def test_words_without_files_cost_no_query(
    session: Session, place: Place, ana: Actor, count_queries: Callable[..., object]
) -> None:
    post = publish(session, ana, place, "Words")
    with count_queries() as queries:  # type: ignore[attr-defined]  # a context manager
        attachments.bind(session, post, before="Other words")
        attachments.release(session, post)
        writing.files_in(session, ana.community_id, ana.user_id, "Words")
    assert len(queries) == 0


def test_cooking_again_keeps_the_files(
    session: Session, place: Place, ana: Actor, make_file: MakeFile
) -> None:
    file = make_file(ana)
    post = publish(session, ana, place, f"![x](attachment:{file.id})")
    post.cooked_version, post.html = 0, ""
    session.flush()

    while writing.cook_again(session):
        pass
    session.refresh(post)
    assert f'src="/w/{place.placement.id}/files/{file.id}"' in post.html


def test_what_was_never_sent_goes_after_a_day_with_its_bytes_and_nothing_else_does(
    session: Session, place: Place, ana: Actor, make_file: MakeFile, clock: TestClock, tmp_path: Path
) -> None:
    store = Folder(tmp_path / "attachments")
    old, sent = make_file(ana), make_file(ana)
    publish(session, ana, place, f"![x](attachment:{sent.id})")
    clock.tick(hours=2)
    young = make_file(ana)
    for file in (old, sent, young):
        store.put(file.storage_key, b"x")
    key = old.storage_key
    assert attachments.sweep(session, store) == 0

    clock.tick(hours=23)
    assert attachments.sweep(session, store) == 1
    assert set(session.scalars(select(Attachment.id))) >= {sent.id, young.id}
    with pytest.raises(Missing):
        store.open(key)
    for file in (sent, young):
        store.open(file.storage_key).close()


def test_what_a_draft_shows_stays_as_long_as_the_draft(
    session: Session, place: Place, ana: Actor, make_file: MakeFile, clock: TestClock, tmp_path: Path
) -> None:
    file, ben = make_file(ana), make_person(session, place, "Ben Okoro")
    target = f"thread:{place.placement.id}"
    text = Unsent(target=target, source=f"Half ![x](attachment:{file.id})", sequence=1)
    unsent.save_draft(session, ana, text)
    clock.tick(days=9)
    assert attachments.sweep(session, Folder(tmp_path)) == 0

    unsent.discard_draft(session, ana, target)
    unsent.save_draft(session, ben, text)
    assert attachments.sweep(session, Folder(tmp_path)) == 1, "the draft of somebody else keeps nothing"


def test_bytes_that_cannot_be_deleted_keep_their_row_and_stop_nothing(
    session: Session, ana: Actor, make_file: MakeFile, clock: TestClock, tmp_path: Path
) -> None:
    first, second = make_file(ana), make_file(ana)

    class Stuck(Folder):
        """A store that cannot delete one of its files."""

        def delete(self, key: str) -> None:
            """Refuse one."""
            if key == first.storage_key:
                raise StorageFailed("Read-only file system")

    clock.tick(days=2)
    assert attachments.sweep(session, Stuck(tmp_path)) == 1
    assert set(session.scalars(select(Attachment.id))) & {first.id, second.id} == {first.id}


def test_a_removed_post_and_a_restored_one_keep_their_files(
    session: Session, place: Place, ana: Actor, make_file: MakeFile, clock: TestClock, tmp_path: Path
) -> None:
    file = make_file(ana)
    post = publish(session, ana, place, f"![x](attachment:{file.id})")
    writing.remove(ana, post)
    clock.tick(days=9)
    attachments.sweep(session, Folder(tmp_path))
    writing.restore(post)
    session.flush()

    assert post.state is State.PUBLISHED
    assert file.state is FileState.PUBLISHED

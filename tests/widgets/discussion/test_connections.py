"""Mentions, tags and links between posts: kept when they are handed in, changed, taken out and cooked again."""

from collections.abc import Callable

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lmssocial.core.hooks import Span
from lmssocial.core.kernel.errors import Invalid
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import Membership, User
from lmssocial.social.content import mentions, writing
from lmssocial.social.content.connection_models import Mention, Reference, Tag, Tagging
from lmssocial.social.content.drafts import Writing
from lmssocial.social.content.markdown import render
from lmssocial.social.content.models import Contribution
from lmssocial.widgets.discussion import moderating, service
from lmssocial.widgets.discussion.drafts import EditDraft
from lmssocial.widgets.discussion.queries.linked import links_to
from lmssocial.widgets.discussion.queries.posts import Window, posts
from lmssocial.widgets.discussion.service import Posted
from tests.support.discussion import HOLD, PostThread, Reply, let_pass, words_of
from tests.support.people import Place, make_person, make_place
from tests.support.seat import Seat, text_of

SitDown = Callable[[Actor], Seat]


def mentioned(session: Session, posted: Posted) -> set[int]:
    return set(session.scalars(select(Mention.user_id).where(Mention.contribution_id == posted.post_id)))


def tagged(session: Session, posted: Posted) -> set[str]:
    statement = select(Tag.name).join(Tagging).where(Tagging.contribution_id == posted.post_id)
    return set(session.scalars(statement))


def linked(session: Session, posted: Posted) -> set[int]:
    return set(session.scalars(select(Reference.to_id).where(Reference.from_id == posted.post_id)))


def edit(session: Session, actor: Actor, posted: Posted, source: str) -> Contribution:
    seen = words_of(session, posted).version
    title = words_of(session, posted).title
    draft = EditDraft(post_id=posted.post_id, source=source, title=title, seen_version=seen)
    service.edit_post(session, let_pass, actor, draft)
    session.flush()
    return words_of(session, posted)


def test_a_post_keeps_whom_it_mentions_its_tags_and_what_it_links_to(
    session: Session, place: Place, ana: Actor, ben: Actor, tom: Actor, post_thread: PostThread
) -> None:
    first = post_thread(tom, "The beginning #Start")
    href = f"/w/{place.placement.id}/discussion/posts/{first.post_id}"
    second = post_thread(ana, f"@Ben Okoro and @tom berg: see [this]({href}) #start #other")
    assert mentioned(session, second) == {ben.user_id, tom.user_id}
    assert tagged(session, first) == {"start"}
    assert tagged(session, second) == {"start", "other"}
    assert linked(session, second) == {first.post_id}
    html = words_of(session, second).html
    assert f'<a href="{href}" rel=' in html, "a link to a post stays in the frame"
    assert f'href="/w/{place.placement.id}/tags/start"' in html


def test_only_active_members_of_the_course_are_mentioned(
    session: Session, place: Place, ana: Actor, post_thread: PostThread
) -> None:
    gone = make_person(session, place, "Gone Person")
    session.execute(update(Membership).where(Membership.user_id == gone.user_id).values(active=False))
    former = make_person(session, place, "Former Person")
    session.execute(update(User).where(User.id == former.user_id).values(is_former=True))
    elsewhere = make_person(session, make_place(session), "Else Where")
    posted = post_thread(ana, f"@Gone Person, @Former Person, @Else Where, @Else Where#{elsewhere.user_id}")
    assert mentioned(session, posted) == set()
    assert "mention" not in words_of(session, posted).html


def test_two_with_one_name_are_told_apart_by_number_alone(
    session: Session, place: Place, ana: Actor, ben: Actor, post_thread: PostThread
) -> None:
    other = make_person(session, place, "Ben Okoro")
    assert mentioned(session, post_thread(ana, "@Ben Okoro")) == set()
    posted = post_thread(ana, f"@Ben Okoro#{other.user_id}")
    assert mentioned(session, posted) == {other.user_id}
    assert '<span class="mention">@Ben Okoro</span>' in words_of(session, posted).html
    found = mentions.completions(session, ana, "ok")
    assert [value for value, _name, _role in found] == [
        f"Ben Okoro#{ben.user_id}",
        f"Ben Okoro#{other.user_id}",
    ]


def test_an_edit_changes_the_connections_and_leaves_the_rows_of_those_who_stay(
    session: Session, place: Place, ana: Actor, ben: Actor, tom: Actor, post_thread: PostThread
) -> None:
    first = post_thread(tom)
    posted = post_thread(
        ana, f"@Ben Okoro #one /w/1/x [a](/w/{place.placement.id}/discussion/posts/{first.post_id})"
    )
    edit(session, ana, posted, "@Ben Okoro @Tom Berg #two")
    assert mentioned(session, posted) == {ben.user_id, tom.user_id}
    assert (tagged(session, posted), linked(session, posted)) == ({"two"}, set())
    edit(session, ana, posted, "Nothing any more")
    assert (mentioned(session, posted), tagged(session, posted)) == (set(), set())


def test_somebody_who_left_stays_mentioned_when_the_post_is_edited_or_cooked_again(
    session: Session, ana: Actor, ben: Actor, post_thread: PostThread
) -> None:
    posted = post_thread(ana, "@Ben Okoro knows #this")
    session.execute(update(Membership).where(Membership.user_id == ben.user_id).values(active=False))
    words = edit(session, ana, posted, "@Ben Okoro knew #this")
    assert mentioned(session, posted) == {ben.user_id}
    html = words.html
    session.execute(update(Contribution).values(cooked_version=0, html=""))
    session.expire_all()
    assert writing.cook_again(session) == 1
    session.expire_all()
    assert words_of(session, posted).html == html
    assert tagged(session, posted) == {"this"}


def test_cooking_again_calls_nobody_who_was_not_called_before(
    session: Session, place: Place, ana: Actor, post_thread: PostThread
) -> None:
    posted = post_thread(ana, "@Zoe Late is not here yet")
    make_person(session, place, "Zoe Late")
    session.execute(update(Contribution).values(cooked_version=0))
    session.expire_all()
    writing.cook_again(session)
    session.expire_all()
    assert mentioned(session, posted) == set()
    assert "mention" not in words_of(session, posted).html


@pytest.mark.usefixtures("ben")
def test_words_that_are_taken_out_take_their_tags_along_and_bring_them_back(
    session: Session, ana: Actor, tom: Actor, post_thread: PostThread
) -> None:
    source = "Good #one. Bad #two @Ben Okoro."
    posted = post_thread(ana, source)
    span = Span(source.index("Bad"), len(source))
    moderating.redact_post(session, tom, posted.post_id, [span], "Please keep to the point.")
    session.flush()
    assert tagged(session, posted) == {"one"}
    moderating.put_words_back(session, tom, posted.post_id, [span])
    session.flush()
    assert tagged(session, posted) == {"one", "two"}
    assert '<span class="mention">@Ben Okoro</span>' in words_of(session, posted).html


def test_links_to_elsewhere_to_nothing_and_to_itself_are_not_kept(
    session: Session, place: Place, ana: Actor, post_thread: PostThread
) -> None:
    other_place = make_place(session)
    stranger = make_person(session, other_place)
    text = Writing(source="x")
    strange = writing.add(
        session, stranger, "test.note", text, render("x"), placement_id=other_place.placement.id
    )
    base = f"/w/{place.placement.id}/discussion/posts"
    posted = post_thread(ana, f"[a]({base}/{strange.id}) [b]({base}/999999) [c](https://example.org{base}/1)")
    assert linked(session, posted) == set()
    edit(session, ana, posted, f"[me]({base}/{posted.post_id})")
    assert linked(session, posted) == set()


@pytest.mark.parametrize("sign", ["@", "#"])
def test_too_many_mentions_or_tags_are_refused_with_how_many_may_be(
    session: Session, place: Place, ana: Actor, post_thread: PostThread, sign: str
) -> None:
    names = [f"Person{letter}" for letter in "abcdefghijk"]
    for name in names:
        make_person(session, place, name)
    with pytest.raises(Invalid, match="at most 10") as refusal:
        post_thread(ana, " ".join(sign + name for name in names))
    assert "11" in refusal.value.message
    post_thread(ana, " ".join(sign + name for name in names[:10]))


def test_a_held_post_mentions_and_tags_already_so_that_its_publication_finds_them(
    session: Session, ana: Actor, ben: Actor, post_thread: PostThread
) -> None:
    posted = post_thread(ana, "@Ben Okoro #waiting", screen=HOLD)
    assert mentioned(session, posted) == {ben.user_id}
    assert tagged(session, posted) == {"waiting"}


@pytest.mark.usefixtures("ben")
def test_names_are_completed_among_the_members_of_this_course(
    session: Session, place: Place, ana: Actor, seat: SitDown
) -> None:
    make_person(session, make_place(session), "Benjamin Elsewhere")
    at_anas = seat(ana)
    at_anas.base = f"/w/{place.placement.id}"  # completion is the community's, not the discussion's
    answer = at_anas.open("/people?q=ok")
    assert answer.get_json() == [{"value": "Ben Okoro", "name": "Ben Okoro", "note": "learner"}]
    assert at_anas.open("/people?q=be").get_json()[0]["name"] == "Ben Okoro"
    assert len(at_anas.open("/people?q=be").get_json()) == 1
    assert at_anas.open("/people?q=%25").get_json() == []
    assert at_anas.open("/people?q=ana").get_json() == [], "nobody calls themselves"


def test_tags_are_completed_from_what_the_reader_may_read(
    ana: Actor, ben: Actor, post_thread: PostThread, reply: Reply, seat: SitDown
) -> None:
    thread = post_thread(ana, "#Negotiation")
    reply(ben, thread.post_id, "#negotiation again, #negative")
    post_thread(ana, "#neglected", screen=HOLD)
    found = seat(ben).open("/tags?q=NEG").get_json()
    assert [(one["value"], one["note"]) for one in found] == [
        ("Negotiation", "2 posts"),
        ("negative", "1 post"),
    ]


def test_a_tag_leads_to_the_list_of_what_carries_it(
    place: Place, ana: Actor, ben: Actor, post_thread: PostThread, seat: SitDown
) -> None:
    post_thread(ana, "#Kürzen", title="With the tag")
    post_thread(ana, "no tag", title="Without it")
    at_bens = seat(ben)
    answer = at_bens.open(f"/w/{place.placement.id}/tags/k%C3%BCrzen")
    assert answer.status_code == 302
    listed = text_of(at_bens.follow(answer))
    assert "With the tag" in listed
    assert "Without it" not in listed


@pytest.mark.usefixtures("ben")
def test_a_preview_shows_whom_a_text_would_call(ana: Actor, seat: SitDown) -> None:
    at_anas = seat(ana)
    form = at_anas.form(at_anas.open("/threads/new"), "/threads/new")
    page = at_anas.send(form, button="preview", title="T", source="@Ben Okoro #tag")
    assert '<span class="mention">@Ben Okoro</span>' in page.get_data(as_text=True)


def test_a_refused_text_is_given_back(ana: Actor, seat: SitDown) -> None:
    at_anas = seat(ana)
    source = " ".join(f"#tag{letter}" for letter in "abcdefghijk")
    page = at_anas.send(at_anas.form(at_anas.open("/threads/new"), "/threads/new"), title="T", source=source)
    assert page.status_code == 422
    assert "at most 10 tags" in text_of(page)
    assert source in page.get_data(as_text=True)


def test_a_post_says_what_links_to_it_to_those_who_read_that(
    session: Session,
    place: Place,
    ana: Actor,
    ben: Actor,
    post_thread: PostThread,
    reply: Reply,
    seat: SitDown,
) -> None:
    first = post_thread(ana, title="The beginning")
    href = f"/w/{place.placement.id}/discussion/posts/{first.post_id}"
    second = post_thread(ben, f"as [said]({href})", title="A <b>later</b> one")
    reply(ben, first.post_id, f"[above]({href})")
    post_thread(ben, f"[held]({href})", title="Waits", screen=HOLD)
    removed = post_thread(ben, f"[gone]({href})", title="Was removed")
    service.remove_post(session, ben, removed.post_id)
    page = seat(ana).open(f"/threads/{first.thread_id}")
    text = text_of(page)
    assert "Linked from “A &lt;b&gt;later&lt;/b&gt; one”, post 1 by Ben Okoro" in text
    assert "Linked from post 2 by Ben Okoro" in text
    assert text.count("Linked from") == 2
    assert f'/discussion/posts/{second.post_id}"' in page.get_data(as_text=True)


def test_links_back_cost_one_query_and_none_where_there_are_none(
    session: Session, place: Place, ana: Actor, ben: Actor, post_thread: PostThread, reply: Reply
) -> None:
    plain = post_thread(ana)
    first = post_thread(ana)
    href = f"/w/{place.placement.id}/discussion/posts/{first.post_id}"
    for _ in range(7):
        reply(ben, first.post_id, f"[above]({href})")
    session.flush()
    views = posts(session, ana, first.thread_id, Window()).posts
    assert [view.is_linked for view in views] == [True, *[False] * 7]
    assert not any(view.is_linked for view in posts(session, ana, plain.thread_id, Window()).posts)
    assert len(links_to(session, ana, [first.post_id])[first.post_id]) == 7

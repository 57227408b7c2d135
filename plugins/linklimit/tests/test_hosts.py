"""Where nobody should follow unread: chats elsewhere, short links and shared documents, however they are written."""

from typing import Any

import pytest

import lmssocial_linklimit
from lmssocial.plugin import Moment, Ruling, Verdict
from lmssocial.testing import ask, submission
from lmssocial_linklimit.hosts import tidy_entry
from lmssocial_linklimit.settings import LinkLimit, LinkLimitForm


def judged(source: str, *links: str, settings: LinkLimit | None = None, **more: Any) -> Verdict | None:
    """What the policy makes of a post with these words and links."""
    post = submission(**{"source": source, "links": links, "text": source} | more)
    return ask(lmssocial_linklimit, post, **vars(settings or LinkLimit()))


def reason(source: str, *links: str, **more: Any) -> str:
    """Why such a post is held; empty if it is not."""
    verdict = judged(source, *links, **more)
    return verdict.reason if verdict is not None else ""


def marked(source: str, *links: str) -> list[str]:
    """The words that are marked for the author."""
    verdict = judged(source, *links)
    assert verdict is not None
    return [source[span.start : span.end] for span in verdict.spans]


@pytest.mark.parametrize(
    "address",
    [
        "https://chat.whatsapp.com/AbC123",
        "https://wa.me/15550100",
        "https://t.me/cheapessays",
        "https://cheapessays.t.me",
        "https://discord.gg/abc",
        "https://discord.com/invite/abc",
        "https://www.discord.com/invite/abc",
    ],
)
def test_the_attack_of_chat_invitations_is_held(address: str) -> None:
    assert reason(f"Join us: {address}", address) == "chat-invitation"


@pytest.mark.parametrize("host", ["bit.ly", "tinyurl.com", "t.co", "is.gd", "cutt.ly", "rb.gy", "linktr.ee"])
def test_the_attack_of_shorteners_after_that_is_held(host: str) -> None:
    assert reason(f"[Join us](https://{host}/x7)", f"https://{host}/x7") == "short-link"


@pytest.mark.parametrize(
    "address",
    [
        "https://docs.google.com/document/d/1/edit",
        "https://drive.google.com/file/d/1",
        "https://forms.gle/abc",
        "https://www.dropbox.com/s/1",
        "https://essays.notion.site/x",
    ],
)
def test_the_attack_of_shared_documents_after_that_is_held(address: str) -> None:
    assert reason(f"<{address}>", address) == "shared-document"


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("Go to bit.ly/x7 now", "bit.ly/x7"),
        ("Go to BIT.LY/x7 now", "BIT.LY/x7"),
        ("Go to hxxps://bit.ly/x7 now", "hxxps://bit.ly/x7"),
        ("Go to hxxp : //bit.ly/x7 now", "hxxp : //bit.ly/x7"),
        ("Go to h**ps://bit.ly now", "h**ps://bit.ly"),
        ("Go to bit (dot) ly now", "bit (dot) ly"),
        ("Go to bit (dot) ly / x7 now", "bit (dot) ly / x7"),
        ("Go to bit[.]ly/x7 now", "bit[.]ly/x7"),
        ("Go to bit{dot}ly(slash)x7 now", "bit{dot}ly(slash)x7"),
        ("Go to bit dot ly slash x7 now", "bit dot ly slash x7"),
        ("Go to bit . ly / x7 now", "bit . ly / x7"),
        ("Geh zu bit (Punkt) ly/x7 jetzt", "bit (Punkt) ly/x7"),
        ("Go to b\u200bi\u200dt\u2060.\ufeffl\u00ady/x7 now", "b\u200bi\u200dt\u2060.\ufeffl\u00ady/x7"),
        ("Go to ｂｉｔ．ｌｙ/x7 now", "ｂｉｔ．ｌｙ/x7"),
        ("Go to 𝓫𝓲𝓽.𝓵𝔂/x7 now", "𝓫𝓲𝓽.𝓵𝔂/x7"),
        ("Go to bit。ly/x7 now", "bit。ly/x7"),
        ("Go to bit․ly/x7 now", "bit․ly/x7"),
        ("Go to bit•ly/x7 now", "bit•ly/x7"),
        (r"Go to bit\.ly/x7 now", r"bit\.ly/x7"),
        ("Go to `bit.ly/x7` now", "bit.ly/x7"),
        ("Go to 'bit.ly/x7' now", "bit.ly/x7"),
        ("Go to bit.ly./x7 now", "bit.ly./x7"),
        ("Go to bit.ly:443/x7 now", "bit.ly:443/x7"),
        ("Go to www.bit.ly/x7, now.", "www.bit.ly/x7"),
        ("Go to t . me / cheapessays", "t . me / cheapessays"),
        ("chat(dot)whatsapp(dot)com/AbC", "chat(dot)whatsapp(dot)com/AbC"),
        ("ضع bit (نقطة) ly/x7 هنا", "bit (نقطة) ly/x7"),
    ],
)
def test_an_attack_in_disguise_or_without_scheme_is_held_with_its_words_marked(
    source: str, shown: str
) -> None:
    assert marked(source) == [shown]


@pytest.mark.parametrize(
    "link",
    [
        "HTTPS://BIT.LY/x7",
        "https:///bit.ly/x7",
        "https:/\\bit.ly/x7",
        "https://someone@bit.ly/x7",
        "https://example.org:pass@bit.ly/x7",
        "https://bit%2Ely/x7",
        "https://bit.ly.:443/x7",
        "https://b\u00adit.ly/x7",
        "https://ｂｉｔ.ly/x7",
        "https://bit。ly/x7",
        "https://bit.ly",
        "https://www.google.com/url?q=https%3A%2F%2Fbit.ly%2Fx7",
        "https://l.example.com/l.php?u=https%253A%252F%252Fbit.ly%252Fx7",
        "https://web.archive.org/web/2020/https://bit.ly/x7",
    ],
)
def test_an_attack_with_an_odd_address_that_browsers_understand_is_held(link: str) -> None:
    assert reason(f"[Join us]({link})", link, text="Join us") == "short-link"


def test_an_attack_that_markup_hides_from_the_source_is_seen_in_the_words() -> None:
    assert reason("bit**.**ly/x7", text="bit.ly/x7") == "short-link"
    assert reason("bit&#46;ly/x7", text="bit.ly/x7") == "short-link"
    assert reason("Nothing here.", title="Join bit.ly/x7") == "short-link"


def test_an_attack_by_editing_is_held_like_a_new_post() -> None:
    edit = submission(text="See bit.ly/x7", moment=Moment.EDIT, previous="See.")
    assert ask(lmssocial_linklimit, edit) is not None


@pytest.mark.parametrize(
    "source",
    [
        "What is bit.ly, and who pays for it?",
        "I mean bit.ly/, or t.me/.",
        "I can't.Me too/also.",
        "I can't. Me too / also.",
        "She asked me what is. GD is a library.",
        "Write to ana@t.me or to ana@bit.ly.",
        "orbit.ly/x, bit.lyx/y, bit.ly.example/x and notbit.ly/x",
        "https://discord.com/developers and discord.com/invites/x",
        "google.com/docs and docs.google.example/x",
        "A bit ly, dot by dot.",
        "Node.js/React and e.g./i.e.",
    ],
)
def test_other_words_and_hosts_are_left_alone(source: str) -> None:
    assert reason(source) == ""


def test_other_links_are_left_alone() -> None:
    for link in (
        "https://example.org/bit.ly",
        "https://bit.ly.example.org/x",
        "mailto:a@bit.ly",
        "/w/3/t.me/x",
    ):
        assert reason(f"[x]({link})", link, text="x") == "", link


def test_the_lists_can_be_changed_in_any_spelling() -> None:
    own = LinkLimit(
        invitations=(),
        shorteners=("https://www.Short.Example/", " go.example/to/ ", "nonsense"),
        documents=(),
    )

    assert judged("bit.ly/x and t.me/x and docs.google.com/x", settings=own) is None
    assert judged("see short.example/x", settings=own) is not None
    assert judged("see go.example/to/x", settings=own) is not None
    assert judged("see go.example/from/x", settings=own) is None
    assert judged("see short.example/x", settings=LinkLimit(shorteners=())) is None
    assert [tidy_entry(one) for one in ("t.me/", "x", ".", "http://A.b/C/")] == ["t.me", "", "", "a.b/c"]


def test_the_author_reads_every_reason_at_once_and_what_would_pass() -> None:
    source = "https://t.me/a https://bit.ly/b https://docs.google.com/c"
    verdict = judged(source, *source.split())

    assert verdict is not None
    assert (verdict.ruling, verdict.reason) == (Ruling.HOLD, "chat-invitation")
    for host in ("t.me", "bit.ly", "docs.google.com", "3 links"):
        assert host in verdict.message
    for way in ("without the invitation", "full address", "what matters here", "no more than 2"):
        assert way in verdict.suggestion
    assert [source[span.start : span.end] for span in verdict.spans] == source.split()


def test_an_attack_that_names_every_host_gets_a_short_answer() -> None:
    """A verdict with a sentence of thousands of characters would be taken for a failure of the policy."""
    hosts = tuple(f"{'a' * 60}{n}.example" for n in range(200))
    source = " ".join(f"{host}/x" for host in hosts)
    verdict = judged(source, settings=LinkLimit(invitations=hosts, shorteners=hosts, documents=hosts))

    assert verdict is not None
    assert len(verdict.message) < 2000
    assert len(verdict.spans) <= 1000


@pytest.mark.parametrize(
    "unit",
    ["a", ".", "a.", "bit.ly/x ", "(dot)", " dot ", "://", "h", "\\.", "ｂ", "\u200b", " ", "[", "x@", "%25"],
)
def test_a_hundred_thousand_characters_are_judged(unit: str) -> None:
    long = unit * (100_000 // len(unit))
    judged(long, f"https://a.example/{long[:2000]}", text=f"{long}.")


def test_its_form_shows_the_lists_one_host_a_line() -> None:
    form = LinkLimitForm(data=vars(LinkLimit()), meta={"csrf": False})
    assert "chat.whatsapp.com\nwa.me\n" in str(form.invitations())


@pytest.mark.parametrize(("locale", "word"), [("de_AT", "Moderation"), ("ar", "المشرفين")])
@pytest.mark.parametrize("address", ["t.me/x", "bit.ly/x", "forms.gle/x"])
def test_authors_read_why_in_their_language(address: str, locale: str, word: str) -> None:
    verdict = ask(lmssocial_linklimit, submission(text=address), locale=locale)

    assert verdict is not None
    assert word in verdict.message
    assert address.partition("/")[0] in verdict.message

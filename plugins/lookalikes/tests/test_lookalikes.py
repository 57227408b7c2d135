"""Whose name could be taken for that of somebody on the staff, and whose could not."""

from dataclasses import replace
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

import lmssocial_lookalikes
from lmssocial.plugin import Concern, Need, Ruling, Submission, Verdict
from lmssocial.testing import ask, check_plugin
from lmssocial_lookalikes import manifest
from lmssocial_lookalikes.names import Likeness, likeness
from lmssocial_lookalikes.settings import OFFICES, Lookalikes, LookalikesForm
from lmssocial_lookalikes.skeleton import skeletons

STAFF = ("Ada Lovelace", "Prof. Dr. Emmy Noether", "Иван Петров", "أحمد علي", "Li Wu", "Ian Hill", "王小明")
POST = Submission(
    kind="discussion.reply",
    tenant_id=1,
    community_id=1,
    author_id=1,
    author_role="learner",
    title="",
    source="Pay here to keep your place.",
    text="Pay here to keep your place.",
    staff_names=STAFF,
)


def judged(name: str, settings: Lookalikes | None = None, role: str = "learner") -> Verdict | None:
    """What the policy makes of a post by somebody of this name."""
    post = replace(POST, author_name=name, author_role=role)
    return ask(lmssocial_lookalikes, post, **vars(settings or Lookalikes()))


def reason(name: str, settings: Lookalikes | None = None) -> str:
    """Why somebody of this name is held; empty if they are not."""
    verdict = judged(name, settings)
    return verdict.reason if verdict is not None else ""


@pytest.mark.parametrize(
    "name",
    [
        "Ada Lovelace Staff",
        "Ada Lovelace (staff)",
        "AdaLovelaceStaff",
        "adalovelacestaff1",
        "ada_lovelace_staff",
        "staff.ada.lovelace",
        "Ada Lovelace - Course Support",
        "Prof. Ada Lovelace",
        "Prof. Dr. Ada Lovelace",
        "Ms Ada Lovelace",
        "Instructor Ada Lovelace",
        "Lovelace Ada Admin",
        "Official Ada Lovelace Help Desk",
        "أستاذ أحمد علي",
        "Emmy Noether Support",
        "dr.emmynoether",
        "Аdа Lоvеlасе Stаff",
        "Ada Lovlace Staff",
    ],
)
def test_the_attack_of_instructor_names_with_staff_added_is_held(name: str) -> None:
    assert reason(name) in {"look-name", "near-name"}


@pytest.mark.parametrize(
    "name",
    [
        "Аdа Lоvеlасе",  # Cyrillic а, о, е, с
        "ΑDΑ LΟVELΑCΕ",  # Greek capitals
        "Ａｄａ　Ｌｏｖｅｌａｃｅ!",
        "𝓐𝓭𝓪 𝕷𝖔𝖛𝖊𝖑𝖆𝖈𝖊 .",
        "🅐🅓🅐 🅻🅾🆅🅴🅻🅰🅲🅴",
        "🇦🇩🇦 Lovelace",
        "ᎪᎠᎪ ᏞOVELᎪᏟᎬ",  # Cherokee
        "Ada Løvełace",
        "Ada Love1ace",
        "Ada L0velace",
        "@da Love|ace",
        "Ad4 Lov3lac3",
        "A d a  L o v e l a c e",
        "AdaLovelace",
        "Ada Lovelace 2",
        "Ada Lovelace22",
        "Lovelace, Ada",
        "Ivaн Петров".replace("Iv", "Ив"),
        "Ивaн Пeтpoв",  # Latin a, e, p, o
        "احمد على",
        "أحـــمد علی",
        "Wu Li",
        "lan Hill",
        "Ian Hi11",
        "王小明2",
    ],
)
def test_the_attack_of_letters_that_look_alike_is_held(name: str) -> None:
    assert name not in STAFF
    assert reason(name) == "look-name"


@pytest.mark.parametrize(
    "name", ["ada lovelace", "ÁDA LÓVELACE", " Ada  Lovelace ", "A\u200bda Love\u00adlace\u200f"]
)
def test_the_same_name_is_held_and_says_so(name: str) -> None:
    verdict = judged(name)

    assert verdict is not None
    assert (verdict.reason, verdict.confidence) == ("same-name", 1.0)
    assert "the same name as you" in verdict.message


@pytest.mark.parametrize(
    "name",
    [
        "Ada Lovlace",
        "Ada Lovelcae",
        "Adaa Lovelace",
        "Ada Lavelace",
        "Lovelace Adda",
        "Emy Noether",
        "daA Lovelace",
    ],
)
def test_the_attack_of_one_wrong_letter_is_held_unless_switched_off(name: str) -> None:
    assert reason(name) == "near-name"
    assert reason(name, Lookalikes(near=False)) == ""


@pytest.mark.parametrize(
    "name",
    [
        "Ada King",
        "Adam Love",
        "Grace Lovelace",
        "Ada",
        "Lovelace",
        "Ada Byron Lovelace",
        "Ada Loveless",
        "Emmy Noble",
        "Li Wo",
        "Lia Wu",
        "Ian Holt",
        "Brian Hill",
        "Иван Сидоров",
        "محمد علي",
        "王大明",
        "Julian Hillary",
        "Staffan Olsson",
        "Teamer Dross",
        "Drew Profitt",
        "42",
        "",
        "😀",
        "---",
    ],
)
def test_other_names_are_other_names(name: str) -> None:
    assert reason(name) == ""


def test_initials_tell_people_apart() -> None:
    assert likeness("B. Lovelace", "A. Lovelace", OFFICES, near=True) is None
    assert likeness("A. Lovelacе", "A. Lovelace", OFFICES, near=True) is Likeness.LOOK
    assert likeness("A. Lovlace", "A. Lovelace", OFFICES, near=True) is Likeness.NEAR


@pytest.mark.parametrize(
    "name",
    ["Admin", "Course Support", "The Official Team", "SUPPORT", "Suppоrt", "CourseStaff", "فريق الدعم"],
)
def test_a_name_that_is_nothing_but_an_office_is_held(name: str) -> None:
    assert reason(name) == "office-name"
    assert reason(name, Lookalikes(offices_alone=False)) == ""
    assert reason(name, Lookalikes(offices=())) == ""


def test_two_people_of_one_name_are_allowed_by_name() -> None:
    settings = Lookalikes(allowed_names=("ada  LOVELACE",))

    assert reason("Ada Lovelace", settings) == ""
    assert reason("Аda Lovelace", settings) == "look-name", "the exception is not for what looks like it"
    assert reason("Ada Lovelace Staff", settings) == "look-name"


@pytest.mark.parametrize("role", ["instructor", "teaching_assistant", "content_developer", "administrator"])
def test_the_staff_looks_like_itself(role: str) -> None:
    assert judged("Ada Lovelace", role=role) is None
    assert judged("Ada Lovelace", Lookalikes(trusted_roles=()), role=role) is not None


@pytest.mark.parametrize("office", ["steward", "sme"])
def test_so_do_stewards_and_experts(office: str) -> None:
    post = replace(POST, author_name="Ada Lovelace", author_offices=frozenset({office}))
    assert ask(lmssocial_lookalikes, post) is None


def test_it_is_about_impersonation_accuses_nobody_and_says_what_helps() -> None:
    verdict = judged("Ada Lovelace Staff", Lookalikes(rule="We write under our own names."))

    assert verdict is not None
    assert (verdict.ruling, verdict.concern) == (Ruling.HOLD, Concern.IMPERSONATION)
    assert "Ada" not in verdict.message, "the author is not told whom they should look like"
    assert "ask your instructor to allow it" in verdict.suggestion
    assert verdict.rule == "We write under our own names."


def test_where_there_is_no_staff_only_offices_are_held() -> None:
    post = replace(POST, staff_names=(), author_name="Ada Lovelace")
    assert ask(lmssocial_lookalikes, post) is None
    assert ask(lmssocial_lookalikes, replace(post, author_name="Admin")) is not None


def test_staff_called_by_an_office_is_compared_all_the_same() -> None:
    assert likeness("Course Help", "Course Help", OFFICES, near=True) is Likeness.SAME
    assert likeness("Cоurse Help", "Course Help", OFFICES, near=True) is Likeness.LOOK
    assert likeness("Ada", "---", OFFICES, near=True) is None


@pytest.mark.parametrize(
    "name", ["a" * 100_000, "Ada " * 25_000, "admin" * 20_000, "1" * 100_000, "\u0301" * 100_000]
)
def test_names_of_a_hundred_thousand_characters_are_judged(name: str) -> None:
    overlapping = Lookalikes(offices=("a", "aa", "aaa", "admin", "min", "ad"))
    post = replace(POST, author_name=f"{name}!", staff_names=tuple(f"Staff Member {n}" for n in range(200)))
    ask(lmssocial_lookalikes, post, **vars(overlapping))


def test_the_table_of_signs_is_there_and_is_unicodes() -> None:
    """The distribution it comes from may be updated; what is relied on must stay."""
    for sign, letter in {
        "а": "a",
        "е": "e",
        "ο": "o",
        "р": "p",
        "ѕ": "s",
        "Ꭰ": "d",
        "ɡ": "g",
        "ⅼ": "l",
    }.items():
        assert skeletons(f"x{sign}x") == ((f"x{letter}x",),), sign


def test_the_plugin_is_sound_and_asks_for_no_more_than_it_needs() -> None:
    assert manifest.name == "lookalikes"
    assert check_plugin(lmssocial_lookalikes) == []
    assert manifest.needs == {Need.STAFF_NAMES}


def sent(**values: object) -> LookalikesForm:
    """The form as a browser sends it, with its defaults but for ``values``."""
    given = {**vars(Lookalikes()), **values}
    pairs = [
        (name, str(one))
        for name, value in given.items()
        for one in (value if isinstance(value, tuple) else (value,))
        if one is not False
    ]
    return LookalikesForm(MultiDict(pairs), meta={"csrf": False})


def test_its_form_takes_its_defaults_and_refuses_what_makes_no_sense() -> None:
    form = sent()
    assert form.validate(), form.errors
    read: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in form.data.items()
    }
    assert Lookalikes(**read) == Lookalikes()
    for wrong in ({"trusted_roles": ("king",)}, {"rule": "x" * 301}, {"offices": ("x" * 41,)}):
        assert not sent(**wrong).validate(), wrong


@pytest.mark.parametrize(("locale", "word"), [("de_AT", "Moderation"), ("ar", "المشرفين")])
@pytest.mark.parametrize("name", ["Ada Lovelace", "Ada Lovelace Staff", "Course Support"])
def test_authors_read_why_in_their_language(name: str, locale: str, word: str) -> None:
    verdict = ask(lmssocial_lookalikes, replace(POST, author_name=name), locale=locale)

    assert verdict is not None
    assert word in verdict.message

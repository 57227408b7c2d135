"""What waits for an expert, what waits for two, and what need not wait."""

from dataclasses import replace
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

import lmssocial_approval
from lmssocial.plugin import Moment, Ruling, Submission, Verdict
from lmssocial.testing import ask, check_plugin
from lmssocial_approval import is_question, manifest
from lmssocial_approval.settings import Approval, ApprovalForm

REPLY = Submission(
    kind="discussion.reply",
    tenant_id=1,
    community_id=1,
    author_id=1,
    author_role="learner",
    title="",
    source="Give half of it.",
    text="Give half of it.",
    tier="assured",
)
THREAD = replace(REPLY, kind="discussion.thread", title="How we dose in the night shift")
STEPS = "\n".join(f"{n}. Turn valve {n} a little." for n in range(1, 6))


def judged(post: Submission, settings: Approval | None = None) -> Verdict | None:
    """What the policy makes of ``post``."""
    return ask(lmssocial_approval, post, **vars(settings or Approval()))


def held(post: Submission, settings: Approval | None = None) -> Verdict:
    """The verdict on ``post``, which must hold it."""
    verdict = judged(post, settings)
    assert verdict is not None
    assert verdict.ruling is Ruling.HOLD
    return verdict


def worded(post: Submission, source: str) -> Submission:
    """``post`` with other words."""
    return replace(post, source=source, text=source)


def edited(post: Submission) -> Submission:
    """``post`` as a new wording of something else."""
    return replace(post, moment=Moment.EDIT, previous="Something else.")


@pytest.mark.parametrize("post", [REPLY, THREAD, edited(REPLY), edited(THREAD)])
def test_in_assured_communities_everything_waits_for_an_expert(post: Submission) -> None:
    verdict = held(post)
    assert verdict.approvals == 1
    assert "expert other than you" in verdict.message


@pytest.mark.parametrize("tier", ["open", "reviewed"])
@pytest.mark.parametrize("post", [REPLY, worded(THREAD, STEPS), edited(REPLY)])
def test_in_other_tiers_nothing_waits_unless_they_are_chosen(tier: str, post: Submission) -> None:
    assert judged(replace(post, tier=tier)) is None
    assert judged(replace(post, tier=tier), Approval(tiers=("open", "reviewed"))) is not None


@pytest.mark.parametrize("role", ["learner", "teaching_assistant", "instructor", "administrator"])
def test_nobody_is_exempt_neither_teachers_nor_experts(role: str) -> None:
    held(replace(REPLY, author_role=role, author_offices=frozenset({"sme", "steward"})))


def test_an_edit_after_approval_waits_again_and_its_author_reads_that() -> None:
    verdict = held(edited(REPLY))
    assert verdict.reason == "edit-needs-approval"
    assert "what you changed" in verdict.message


@pytest.mark.parametrize(
    ("kinds", "waiting"),
    [
        ((), []),
        (("threads",), ["thread"]),
        (("replies",), ["reply"]),
        (("edits",), ["edit"]),
        (("threads", "replies"), ["thread", "reply"]),
    ],
)
def test_only_what_was_chosen_waits(kinds: tuple[str, ...], waiting: list[str]) -> None:
    posts = {"thread": THREAD, "reply": REPLY, "edit": edited(THREAD)}
    assert [name for name, post in posts.items() if judged(post, Approval(kinds=kinds))] == waiting


@pytest.mark.parametrize(
    ("title", "text", "role", "asks"),
    [
        ("How much is too much?", "I cannot find it.", "learner", True),
        ("How much is too much?", "I cannot find it.", "instructor", True),
        ("«كم الجرعة؟»", "لا أجدها.", "learner", True),
        ("多少？", "找不到。", "learner", True),
        ("Πόση είναι η δόση;", "Δεν τη βρίσκω.", "learner", True),
        ("Dose; and more", "Half of it;", "learner", False),
        ("The dose", "How much is too much?\nI cannot find it.", "learner", True),
        ("The dose", "How much is too much?\nI cannot find it.", "instructor", False),
        ("The dose", "How much is **too much?**", "learner", True),
        ("The dose", "Half of it. Why? Because I say so.", "learner", False),
        ("The dose", "Take half of it.", "learner", False),
        ("", "", "learner", False),
    ],
)
def test_questions_appear_at_once(title: str, text: str, role: str, *, asks: bool) -> None:
    question = replace(THREAD, title=title, source=text, text=text, author_role=role)

    assert is_question(question) is asks
    assert (judged(question) is None) is asks
    held(question, Approval(questions_pass=False))


def test_a_reply_that_asks_back_waits_like_any_answer() -> None:
    held(worded(REPLY, "Why not just skip step four?"))


def test_a_question_about_a_procedure_is_a_question() -> None:
    assert judged(replace(THREAD, title="Is there an SOP for spills?")) is None


def test_an_attack_that_calls_its_steps_a_question_waits_for_two() -> None:
    assert held(worded(replace(THREAD, title="Is this right?"), STEPS)).approvals == 2


def test_an_attack_that_edits_an_answer_into_a_question_is_seen() -> None:
    question = replace(THREAD, title="How much?")
    assert judged(edited(question)) is None
    held(edited(replace(question, title="Take all of it")))


@pytest.mark.parametrize(
    ("title", "source", "mark"),
    [
        ("Procedure for spills", "Wear gloves.", "Procedure"),
        ("SOP: spills", "Wear gloves.", "SOP"),
        ("Spills", "Our **sop** says: wear gloves.", "sop"),
        ("Spills", "A work\ninstruction, at last.", "work\ninstruction"),
    ],
)
def test_a_marked_thread_is_a_procedure_and_waits_for_two(title: str, source: str, mark: str) -> None:
    verdict = held(worded(replace(THREAD, title=title), source))

    assert verdict.approvals == 2
    assert verdict.reason == "procedure-needs-two"
    assert mark in verdict.message
    assert [source[span.start : span.end] for span in verdict.spans] == ([mark] if mark in source else [])


@pytest.mark.parametrize("title", ["Soppy films", "Procedural music", "Aesop", "Spills"])
def test_a_mark_is_a_word_of_its_own(title: str) -> None:
    assert held(replace(THREAD, title=title)).approvals == 1


def test_a_reply_that_speaks_of_the_procedure_is_none() -> None:
    assert held(worded(REPLY, "The procedure and the SOP are right.")).approvals == 1


def test_marks_are_words_and_no_patterns() -> None:
    odd = Approval(marks=("C++ (hot)", ".*"))
    assert held(replace(THREAD, title="C++ (hot) fixes"), odd).approvals == 2
    assert held(replace(THREAD, title="Spills"), odd).approvals == 1
    assert held(replace(THREAD, title="SOP"), Approval(marks=())).approvals == 1


@pytest.mark.parametrize(
    "source",
    [
        STEPS,
        STEPS.replace(". ", ") "),
        STEPS.replace(". ", "\\. "),
        "> " + STEPS.replace("\n", "\n> "),
        STEPS.replace("\n", "\n\nA picture.\n\n"),
        "\u200b" + STEPS.replace("\n", "\n\u200b"),
        STEPS.translate(str.maketrans("12345", "١٢٣٤٥")),
    ],
)
@pytest.mark.parametrize("post", [THREAD, REPLY, edited(REPLY)])
def test_enough_numbered_steps_are_a_procedure_wherever_they_stand(post: Submission, source: str) -> None:
    verdict = held(worded(post, source))

    assert verdict.approvals == 2
    assert len(verdict.spans) == 5
    assert all(source[span.start].isdecimal() for span in verdict.spans)
    assert source[verdict.spans[1].start : verdict.spans[1].end].endswith("Turn valve ٢ a little.") or (
        source[verdict.spans[1].start : verdict.spans[1].end].endswith("Turn valve 2 a little.")
    )


@pytest.mark.parametrize(
    "source",
    [
        STEPS.rpartition("\n")[0],
        "In 2019. In 2020. In 2021. In 2022. In 2023.",
        "\n".join(["2.5 mg"] * 9),
        "\n".join(["- an item"] * 9),
    ],
)
def test_fewer_steps_and_other_numbers_are_none(source: str) -> None:
    assert held(worded(REPLY, source)).approvals == 1


def test_how_many_steps_it_takes_can_be_set() -> None:
    assert held(worded(REPLY, "1. Open.\n2. Close."), Approval(steps=2)).approvals == 2
    assert held(worded(REPLY, STEPS), Approval(steps=0)).approvals == 1


def test_who_only_wants_to_ask_reads_how() -> None:
    assert "question mark" in held(THREAD).suggestion
    assert "question mark" not in held(THREAD, Approval(questions_pass=False)).suggestion
    assert "question mark" not in held(REPLY).suggestion


def test_the_rule_it_rests_on_is_quoted() -> None:
    for post in (REPLY, worded(REPLY, STEPS)):
        assert held(post, Approval(rule="Experts read first.")).rule == "Experts read first."


@pytest.mark.parametrize("unit", ["1. a\n", "1" * 99, " ", "> ", "SOP ", "work ", "- ", "?\n"])
def test_a_hundred_thousand_characters_are_judged(unit: str) -> None:
    held(worded(replace(THREAD, author_role="instructor"), unit * (100_000 // len(unit))))


def test_the_plugin_is_sound_and_asks_for_no_more_than_it_needs() -> None:
    assert manifest.name == "approval"
    assert check_plugin(lmssocial_approval) == []
    assert manifest.needs == frozenset()


def sent(**values: object) -> ApprovalForm:
    """The form as a browser sends it, with its defaults but for ``values``."""
    given = {**vars(Approval()), **values}
    pairs = [
        (name, str(one))
        for name, value in given.items()
        for one in (value if isinstance(value, tuple) else (value,))
        if one is not False
    ]
    return ApprovalForm(MultiDict(pairs), meta={"csrf": False})


def test_its_form_takes_its_defaults_and_refuses_what_makes_no_sense() -> None:
    form = sent()
    assert form.validate(), form.errors
    read: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in form.data.items()
    }
    assert Approval(**read) == Approval()
    for wrong in (
        {"steps": -1},
        {"steps": 51},
        {"tiers": ("best",)},
        {"kinds": ("all",)},
        {"rule": "x" * 301},
    ):
        assert not sent(**wrong).validate(), wrong


@pytest.mark.parametrize(("locale", "word"), [("de_AT", "Fachperson"), ("ar", "خبير")])
def test_authors_read_in_their_language_for_whom_it_waits(locale: str, word: str) -> None:
    for post in (REPLY, THREAD, worded(REPLY, STEPS), replace(THREAD, title="SOP"), edited(REPLY)):
        verdict = ask(lmssocial_approval, post, locale=locale)
        assert verdict is not None
        assert word in verdict.message

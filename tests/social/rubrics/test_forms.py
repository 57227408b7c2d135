"""What staff hear when a rubric cannot be used, and what becomes of one that can."""

import pytest
from werkzeug.datastructures import MultiDict
from wtforms.validators import ValidationError

from lmssocial.social.rubrics.criteria import Criterion
from lmssocial.social.rubrics.forms import RubricForm, check, rubric_data


def filled(**fields: str) -> RubricForm:
    """A form that was sent with ``fields``: ``c0`` a criterion, ``c0_l1`` and ``c0_p1`` a level of it."""
    sent: MultiDict[str, str] = MultiDict()
    for name, value in fields.items():
        number, _, rest = name.partition("_")
        at = f"criteria-{number[1:]}"
        kind = {"l": "text", "p": "points", "": "title"}[rest[:1]]
        sent[f"{at}-title" if kind == "title" else f"{at}-levels-{rest[1:]}-{kind}"] = value
    form = RubricForm(sent)
    form.validate()
    return form


GOOD = {"c0": "Argument", "c0_l0": "Thin", "c0_p0": "0", "c0_l1": "Convincing", "c0_p1": "4"}


def test_the_best_level_comes_first_and_what_is_empty_is_gone() -> None:
    form = filled(**GOOD, c1="", c1_l0="")
    check(form.filled_in())
    assert form.rubric() == (Criterion(title="Argument", levels=(("Convincing", 4.0), ("Thin", 0.0))),)


def test_a_rubric_comes_back_as_it_went_in() -> None:
    rubric = (Criterion(title="Argument", levels=(("Convincing", 4.0), ("Thin", 0.0))),)
    assert RubricForm(data={"criteria": rubric_data(rubric)}).rubric() == rubric


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"c0": ""}, "levels and no words"),
        ({"c0_p0": ""}, "a level without words or points"),
        ({"c0_l0": "", "c0_p0": ""}, "needs two levels"),
        ({"c0_l0": "Convincing"}, "two levels with the same words"),
        ({"c0_p1": "0"}, "gives no points"),
        ({"c1": "Argument", "c1_l0": "a", "c1_p0": "1"}, "Two criteria have the same words"),
    ],
)
def test_what_nobody_could_grade_by_is_said(wrong: dict[str, str], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        check(filled(**{**GOOD, **wrong}).filled_in())


def test_everything_wrong_is_said_once() -> None:
    form = filled(**{**GOOD, "c0_p0": "many", "c0_p1": "-1"})
    assert len(form.problems) == 2

"""A rubric for so many points, as the picker asks for them."""

import pytest

from lmssocial.social.rubrics.criteria import total
from lmssocial.widgets.discussion.grading.in_lms import graded, line_item
from lmssocial.widgets.discussion.grading.rubric import worth
from lmssocial.widgets.discussion.settings import DiscussionSettings, Groups


@pytest.mark.parametrize("points", [1, 1.5, 3, 7.77, 8, 10, 12.25, 20, 100, 999.99, 1000])
def test_the_best_levels_give_exactly_the_points_and_the_others_less(points: float) -> None:
    rubric = worth(points)
    assert total(criterion.most for criterion in rubric) == points
    for criterion in rubric:
        given = [level for _words, level in criterion.levels]
        assert given == sorted(set(given), reverse=True), "every level gives less than the one before"
        assert given[-1] == 0
        assert all(round(level, 2) == level for level in given)


def test_it_becomes_a_column_and_leaves_other_settings_alone() -> None:
    settings = graded({"groups": "separate", "something": "else"}, 20)
    read = DiscussionSettings.read(settings)
    assert (read.groups, read.choose, read.most) == (Groups.SEPARATE, 1, 20)
    assert settings["something"] == "else"
    column = line_item(settings)
    assert column is not None
    assert column.maximum == 20
    assert line_item({"groups": "separate"}) is None

"""Allocators and scorings in front of somebody who chooses: ours first, others with the name of their plugin."""

from collections.abc import Sequence

import pytest

from lmssocial.core.hooks import Allocator, Manifest, PluginHost, Scoring, hookimpl
from lmssocial.core.hooks.rating import Ratings, Scores
from lmssocial.widgets.peer_rating import wiring
from lmssocial.widgets.peer_rating.settings import BALANCED, FAIR, Mode
from lmssocial.widgets.peer_rating.setup.choices import ALLOCATORS, fitting, offered


class Nearby:
    """A plugin with a way of its own."""

    manifest = Manifest(name="nearby", title="Nearby", summary="Gives out work of neighbours.")

    @hookimpl
    def lmssocial_register_allocators(self) -> Sequence[Allocator]:
        """One that comes first by its name."""
        return [
            Allocator(
                name="a-nearby", title="Neighbours", summary="Who sits near.", pick=lambda _pool, _rater: None
            )
        ]


def test_ours_come_first_and_others_say_where_they_are_from() -> None:
    host = PluginHost()
    host.register(wiring, "peer_rating", builtin=True)
    host.register(Nearby(), "nearby")
    known = {one.name: one for answer in host.collect(ALLOCATORS) for one in answer.value}
    labels = offered(host, ALLOCATORS, known, BALANCED)
    assert labels[-1] == ("a-nearby", "Neighbours: Who sits near. (from the plugin Nearby)")
    assert BALANCED in dict(labels)
    assert "plugin" not in dict(labels)[BALANCED]


def test_what_is_chosen_stays_to_be_seen_when_its_plugin_has_gone() -> None:
    (only,) = offered(PluginHost(), ALLOCATORS, {}, "a-nearby")
    assert only == ("a-nearby", "a-nearby, which is not installed here at the moment")


def nothing(_ratings: Ratings) -> Scores:
    """A score of nobody."""
    return Scores(works=())


@pytest.mark.parametrize(
    ("chosen", "mode", "becomes"),
    [
        ("mean", Mode.RUBRIC, "mean"),
        ("mean", Mode.PAIRS, "order"),
        ("order", Mode.RUBRIC, FAIR),
        ("order", Mode.PAIRS, "order"),
        ("gone", Mode.RUBRIC, "gone"),
    ],
)
def test_a_scoring_fits_what_a_review_is(chosen: str, mode: Mode, becomes: str) -> None:
    known = {
        name: Scoring(name=name, version="1", title=name, summary="", score=nothing, compares=compares)
        for name, compares in ((FAIR, False), ("mean", False), ("order", True))
    }
    assert fitting(known, chosen, mode) == becomes

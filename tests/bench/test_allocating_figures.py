"""The class in which people drop out comes out as it is written down, and what is measured is what was asked for."""

from benchmarks import allocating, dropping_out
from lmssocial.widgets.peer_rating.allocating import exact


def test_nobody_goes_without_a_review_while_a_third_drops_out() -> None:
    cells = dropping_out.simulate(dropping_out.QUICK)

    fewest = [cell for cell in cells if cell.way == "fewest first"]
    assert [cell.became.none for cell in fewest] == [0.0] * len(dropping_out.CELLS)
    assert all(cell.became.two > 0.93 and cell.became.widest <= 2 for cell in fewest)
    first = {(cell.gone, cell.asked): cell.became for cell in cells if cell.way != "fewest first"}
    assert first[0.35, 4].none > 0.15
    assert dropping_out.simulate(1) == dropping_out.simulate(1)
    assert "fewest first" in dropping_out.table(cells)


def test_every_way_of_giving_out_gives_everything() -> None:
    for way in allocating.WAYS:
        pool = allocating.made_up(200, way)
        pairings = exact.plan(pool)
        works, raters = {one.id: one for one in pool.works}, {one.id: one for one in pool.raters}
        assert len(set(pairings)) == 200 * allocating.EACH
        assert all(pool.allows(raters[rater], works[work]) for rater, work in pairings)

"""The whole benchmark, with one short round: that it runs, and what does not depend on how busy the machine is."""

from pathlib import Path

import pytest

from benchmarks import report, rosters
from benchmarks.__main__ import database, measure
from benchmarks.stand import standing


def test_every_page_is_measured_and_asks_the_database_little(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database("sqlite") as (ours, floor, roots), standing("sqlite", ours, floor, roots) as stand:
        found = measure(stand, rounds=1, seconds=0.1, sizes=(600, 1500))
        listed = rosters.measure(stand, 200)
    queries = {name: row.queries for name, row in found.rows.items()}
    assert queries["thread page, 50 posts"] <= 4  # the reader, the thread, its posts, badges of their authors
    assert queries["… unchanged (304)"] <= 2
    assert queries["long thread, last page"] == queries["long thread, first page"] <= 4
    assert queries["poll (304)"] == 2
    assert queries["thread list"] <= 3
    assert queries["search"] <= 4
    assert all(row.ours_ms > 0 and row.floor_ms > 0 for row in found.rows.values())
    assert found.rows["thread page, 50 posts"].kb < 125
    assert found.launch.p95_ms > found.launch.verify_ms > 0
    assert found.launch.floor_p95_ms > found.launch.verify_ms
    assert found.launch.p95_ratio > 0
    assert len(found.workers) == 2
    assert found.policies
    assert 0 <= queries["reply, ten policies"] - queries["reply"] <= 6

    assert listed.first.statements <= 40 + 18 * listed.pages
    assert listed.first.mib > 0
    assert "a roster of 200 in 4 pages" in rosters.table("sqlite", listed)

    monkeypatch.setattr(report, "RESULTS", tmp_path)
    run = report.as_json([found], quick=True)
    assert report.keep(run).read_text("utf-8").count('"ratio"') == len(found.rows)
    table = report.table(found, {"backends": {"sqlite": {"rows": {"search": {"ratio": 0.77}}}}})
    assert "thread page, 50 posts" in table
    assert "0.77" in table
    assert "A post through ten policies costs" in table
    assert "one RSA-2048 signature verified and one row written" in table
    assert "1,500 posts instead of 600" in table

"""Why something waits, as pages show it."""

import pytest

from lmssocial.social.moderation import reasons


def said_about(*spans: tuple[int, int]) -> dict[str, object]:
    """What one policy said, as a case keeps it."""
    return {"verdicts": [{"policy": "loud", "message": "Too loud.", "spans": [list(span) for span in spans]}]}


@pytest.mark.parametrize(("passages", "quoted", "more"), [(2, 2, False), (3, 3, False), (5, 3, True)])
def test_the_first_passages_are_quoted_and_it_is_said_that_there_are_more(
    passages: int, quoted: int, *, more: bool
) -> None:
    source = "AB CD EF GH IJ"
    [objection] = reasons.objections(said_about(*[(3 * at, 3 * at + 2) for at in range(passages)]), source)

    assert objection.words == tuple(source.split()[:quoted])
    assert objection.more_words is more

"""Feed the renderer texts that nobody would write, for as long as somebody wants to wait.

``make fuzz`` does it for a minute, ``make fuzz SECONDS=3600`` for an hour. Each text is cooked; what comes out must
hold nothing harmful, must be a fixed point of the sanitiser, and must not have taken long. The first text that breaks
one of these is made as small as it can be and printed, and the command fails.
"""

import argparse
import itertools
import sys
import time

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from lmssocial.social.content.markdown import MAX_SOURCE, render
from lmssocial.social.content.sanitise import sanitise
from lmssocial.social.content.text import tidy
from tests.support.harm import is_harmless, mixtures, pieces

SLOW = 2.0
"""CPU seconds that no text of the permitted length may take."""
ROUND = 1_000
"""Texts between two looks at the clock."""


class WrongOutcome(Exception):
    """What was cooked is not as it must be."""


long_mixtures = st.lists(pieces, max_size=40).map("".join)
nested = st.builds(
    lambda prefix, times, inner: prefix * times + inner,
    st.sampled_from(["> ", "- ", "*", "[", "![", "(", "$", "`", "|", "<b>", "\n", "&", "\\\\", "\u202e"]),
    st.integers(1, 3_000),
    mixtures,
)
texts = st.one_of(mixtures, long_mixtures, nested)


def check(source: str) -> None:
    """Cook one text.

    :raises WrongOutcome: if something is wrong with what comes out.
    """
    began = time.process_time()
    html = render(tidy(source)[:MAX_SOURCE]).html
    took = time.process_time() - began
    if not is_harmless(html):
        raise WrongOutcome(f"harmful: {html}")
    if sanitise(html).strip() != html:
        raise WrongOutcome(f"the sanitiser would change it once more: {html}")
    if took >= SLOW:
        raise WrongOutcome(f"it took {took:.1f} s")


def main() -> int:
    """Try texts until the time is over."""
    parser = argparse.ArgumentParser(prog="python -m scripts.fuzz", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60, help="how long")
    parser.add_argument(
        "--seed", type=int, default=int(time.time()), help="where to begin; another one every second"
    )
    wanted = parser.parse_args()
    end, tried = time.monotonic() + wanted.seconds, 0
    for turn in itertools.count(wanted.seed):
        _round(turn)
        tried += ROUND
        if time.monotonic() >= end:
            break
    print(f"{tried:,} texts in {wanted.seconds:.0f} s from seed {wanted.seed}: nothing harmful came out.")
    return 0


def _round(turn: int) -> None:
    @seed(turn)
    @settings(
        max_examples=ROUND,
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(texts)
    def try_some(source: str) -> None:
        check(source)

    try_some()


if __name__ == "__main__":
    sys.exit(main())

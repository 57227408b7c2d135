"""The allocators of ours. They come through the same hook as those of plugins."""

from flask_babel import lazy_gettext as _l

from lmssocial.core.hooks.rating import Allocator
from lmssocial.widgets.peer_rating.allocating import balanced, exact
from lmssocial.widgets.peer_rating.settings import BALANCED

EXACT = "exact"
"""The name of the allocator that gives everything out at once."""

ALLOCATORS = (
    Allocator(
        name=BALANCED,
        title=_l("One after the other"),
        summary=_l(
            "Whoever asks for a review gets the work that has the fewest. Best when people may drop out or be late: "
            "what is missing is spread evenly, and no work goes without."
        ),
        pick=balanced.pick,
    ),
    Allocator(
        name=EXACT,
        title=_l("All at once"),
        summary=_l(
            "When reviewing begins everybody is given all their works, and each work gets the same number of reviews. "
            "Best when everybody is sure to take part, or has to plan ahead."
        ),
        pick=balanced.pick,
        plan=exact.plan,
    ),
)
"""In the order in which an instructor chooses."""

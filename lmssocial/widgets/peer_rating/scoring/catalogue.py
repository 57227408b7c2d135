"""The ways of scoring that come with peer rating, as instructors choose them."""

from flask_babel import lazy_gettext as _l

from lmssocial.core.hooks.rating import Scoring
from lmssocial.widgets.peer_rating.scoring import means, two_way
from lmssocial.widgets.peer_rating.scoring import pairs as by_pairs
from lmssocial.widgets.peer_rating.scoring import robust as robustly
from lmssocial.widgets.peer_rating.scoring.fair import fair
from lmssocial.widgets.peer_rating.settings import FAIR

SCORINGS: tuple[Scoring, ...] = (
    Scoring(
        name=FAIR,
        version="1",
        title=_l("What suits the size of the class"),
        summary=_l(
            "The plain mean below eight works, corrected for strict and generous reviewers from eight on, and also "
            "guarded against careless reviews in larger classes. Choose this unless you know better."
        ),
        score=fair,
    ),
    Scoring(
        name=means.METHOD,
        version="1",
        title=_l("Plain mean"),
        summary=_l(
            "The mean of all reviews; one by an instructor or SME weighs as much as nine. Everybody can check it by "
            "hand, and one careless review moves it."
        ),
        score=means.mean,
    ),
    Scoring(
        name=two_way.METHOD,
        version="1",
        title=_l("Corrected for strict and generous reviewers"),
        summary=_l(
            "The mean, after what somebody always gives above or below others is taken out. Good for small classes "
            "in which everybody reviews with care."
        ),
        score=two_way.bias_corrected,
    ),
    Scoring(
        name=robustly.METHOD,
        version="1",
        title=_l("Guarded against careless reviews"),
        summary=_l(
            "Like the one before, and reviews that seem to have nothing to do with the work count for little. It "
            "needs at least 15 works with three reviews each."
        ),
        score=robustly.robust,
    ),
    Scoring(
        name=by_pairs.METHOD,
        version="1",
        title=_l("From comparisons of pairs"),
        summary=_l(
            "How often a work would be found better than another one of this class. It says where a work stands "
            "among the others, not how good it is by itself."
        ),
        score=by_pairs.pairs,
        compares=True,
    ),
)
"""The first is what everybody gets who chooses nothing."""

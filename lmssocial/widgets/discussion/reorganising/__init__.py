"""Moving, splitting and merging threads, so that what belongs together is found together.

Only moderators do this. Every function takes the version of the thread that they had before their eyes, and changes
nothing if it is another by now.
"""

from lmssocial.widgets.discussion.reorganising.deeds import merge, move, split
from lmssocial.widgets.discussion.reorganising.rows import count_below

__all__ = ["count_below", "merge", "move", "split"]

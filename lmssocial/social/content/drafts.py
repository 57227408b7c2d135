"""What people hand in, as values."""

import hashlib
from dataclasses import dataclass

from lmssocial.social.content.text import tidy, tidy_line


@dataclass(frozen=True, kw_only=True)
class Writing:
    """A text on its way to becoming, or changing, a contribution."""

    source: str
    title: str = ""
    submission_key: str | None = None
    """The name of the form it was written in; the same words sent twice from one form are published once."""

    @property
    def sent_as(self) -> str | None:
        """Names these words from this form, in 32 characters; ``None`` for what came without a form.

        Whoever goes back to a page, and writes something else in the form that is still there, has written another
        text: it is published like any other.
        """
        if self.submission_key is None:
            return None
        words = "\0".join((self.submission_key, tidy_line(self.title), tidy(self.source)))
        return hashlib.sha256(words.encode()).hexdigest()[:32]


@dataclass(frozen=True, kw_only=True)
class Unsent:
    """What somebody is writing, as the page saves it from time to time."""

    target: str
    """What it will become: ``thread:<placement>``, ``reply:<contribution>``, ``edit:<contribution>``."""
    source: str
    sequence: int
    """The page's count of saves; a smaller one than the stored comes from an older tab."""
    title: str = ""

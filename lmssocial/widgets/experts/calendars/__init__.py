"""Hours in which people are waited for: pure, right across daylight-saving changes, and never without an end."""

from lmssocial.widgets.experts.calendars.counting import (
    after_open_hours,
    after_working_hours,
    before_working_hours,
    open_hours,
    working_hours,
)
from lmssocial.widgets.experts.calendars.week import Week

__all__ = [
    "Week",
    "after_open_hours",
    "after_working_hours",
    "before_working_hours",
    "open_hours",
    "working_hours",
]

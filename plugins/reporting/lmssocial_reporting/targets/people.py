"""Who is asked, and who may be named."""

from lmssocial.plugin import LmsRole
from lmssocial.plugin_data import Enrolled, Office


def reads_across(person: Enrolled) -> bool:
    """Whether they read what is said of several courses: staff and stewards of one of them."""
    return person.role in {LmsRole.INSTRUCTOR, LmsRole.ADMINISTRATOR} or Office.STEWARD in person.offices

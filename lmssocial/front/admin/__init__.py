"""``/admin/``: the pages of those who run the installation, behind a local account of its own.

Nothing here is reached from inside a course, and nobody an LMS sends is ever an administrator here.
"""

from lmssocial.front.admin.gate import account_behind
from lmssocial.front.admin.wiring import init_app

__all__ = ["account_behind", "init_app"]

"""The pages. Each feature has its views in its own folder; importing them puts them on the blueprint."""

from lmssocial_reporting.blueprint import bp
from lmssocial_reporting.charts import routes as charts
from lmssocial_reporting.mine import routes as mine
from lmssocial_reporting.monitors import routes as monitors
from lmssocial_reporting.profile import routes as profile
from lmssocial_reporting.report import routes as report
from lmssocial_reporting.roles import routes as roles
from lmssocial_reporting.sending import routes as sending
from lmssocial_reporting.skills import routes as skills
from lmssocial_reporting.targets import routes as targets

__all__ = ["bp", "charts", "mine", "monitors", "profile", "report", "roles", "sending", "skills", "targets"]

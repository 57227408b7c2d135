"""What keeps one plugin from harming another, in the figures of the code."""

import textwrap

from lmssocial.core.activity.relay import MAX_ATTEMPTS
from lmssocial.core.hooks import runner, timing
from lmssocial.settings import PREFIX
from lmssocial.social.plugin_settings import breaker
from scripts.docs.markdown import WIDTH, marked

CONTAINMENT = """
*Import.* Each plugin is imported on its own. One that cannot be is shown as broken, with its traceback, and everything
else starts.

*Registration.* The manifest must bear the entry point's name and fit this hook API; an unknown hook, an unknown
argument, ``tryfirst``, ``trylast`` and wrappers are refused.

*A policy's call.* Policies run in a process of their own, {share} ms each and {budget} ms together unless the
installation sets another budget. One that raises, hangs, ends its process or answers nonsense has not answered: the
community's quality tier says what happens to the post, and it is never lost.

*The breaker.* {most} failures within {hours} hour at one tenant switch the plugin off there until an administrator
switches it on again (``lmssocial plugins reset``).

*Events.* Each plugin has its own place in the log of events. One that raises is asked again with growing pauses; after
{attempts} failures the event is parked, and the plugin goes on with the next. A plugin that is new starts with the
first event there is, so it counts the past, too; only events of places where it is on reach it.

*Timers.* A call that takes longer than {call} seconds is interrupted, and what it had not committed is undone; after
{round} seconds a round ends, because others want their turn. One that raises is called again after 2, 8, 32 and 128
seconds, and then every ten minutes; administrators see why. That does not trip the breaker, as nobody waits for it.

*Erasing.* A plugin that cannot say what it keeps about a person, or cannot forget them, lets the whole request fail.

*Tables.* A plugin's revisions have a version table of their own and may touch only tables that begin with its name and
``__``. A plugin whose tables are not up to date is held back; the site starts without it.

*Settings.* What was stored for another version and does not fit any more gives way to the defaults.

*Escape.* ``lmssocial plugins disable`` imports nothing; ``{prefix}SAFE_MODE=1`` starts with what is built in, and
``{prefix}PLUGINS`` names the others that are loaded.

*What it is not.* All this protects from mistakes. It is no sandbox: who installs a plugin trusts its author.
"""


def containment() -> list[str]:
    """The part of the page, line by line."""
    text = CONTAINMENT.format(
        share=int(runner.BUDGET.total_seconds() * 1000 / runner.SHARES),
        budget=int(runner.BUDGET.total_seconds() * 1000),
        most=breaker.MOST,
        hours=int(breaker.WITHIN.total_seconds() // 3600),
        attempts=MAX_ATTEMPTS,
        call=int(timing.CALL),
        round=int(timing.ROUND),
        prefix=PREFIX,
    )
    rules = [" ".join(marked(rule).split()) for rule in text.strip().split("\n\n")]
    lines = [textwrap.fill(rule, WIDTH, initial_indent="* ", subsequent_indent="  ") for rule in rules]
    return ["## When a plugin fails", "", *lines, ""]

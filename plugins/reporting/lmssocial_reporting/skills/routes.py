"""How well the roles are filled: skills as figures of the community, and where support may be needed."""

from flask import render_template

from lmssocial_reporting.blueprint import bp
from lmssocial_reporting.definition import Role
from lmssocial_reporting.evidence.standing import standing_of
from lmssocial_reporting.monitors import words as monitor_words
from lmssocial_reporting.monitors.routes import looked_after
from lmssocial_reporting.profile.notes import not_yet
from lmssocial_reporting.roles.words import SKILLS, role_title
from lmssocial_reporting.skills import words
from lmssocial_reporting.skills.indicators import ENOUGH
from lmssocial_reporting.skills.pictures import trying_bars
from lmssocial_reporting.skills.reading import skill_page
from lmssocial_reporting.skills.support import Need


@bp.get("/skills")
def skill_list(placement_id: int) -> str:
    """The skills of the five roles, as far as acts tell of them."""
    del placement_id  # part of the address; lmssocial has read it
    here, of = looked_after()
    page = skill_page(here.session, here.store, of, here.actor)
    standing = standing_of(here.session, of.course_ids, of.zone)
    tried = any(one.rates.trying is not None for one in page.support)
    return render_template(
        "lmssocial_reporting/skill_list.html",
        frame=here,
        of=of,
        behind=standing.behind,
        not_yet=not_yet(standing, of.window(), page.members),
        page=page,
        roles=list(Role),
        title=role_title,
        skill_title=lambda key: SKILLS[key].title,
        charts=[trying_bars(page.support)] if tried else [],
        enough=max(ENOUGH, of.settings.least_cell),
        quiet=(Need.NONE, Need.UNKNOWN),
        say=monitor_words,
        words=words,
    )

"""What the pages about targets show."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import render_template
from flask_babel import format_date

from lmssocial.plugin import NotFound
from lmssocial.plugin import gettext as _
from lmssocial_reporting.blueprint import Frame
from lmssocial_reporting.definition import Role
from lmssocial_reporting.roles.words import role_title
from lmssocial_reporting.scope import Scope, may_write, scope_key, today
from lmssocial_reporting.targets import service
from lmssocial_reporting.targets.forms import RemarkForm, VoteForm
from lmssocial_reporting.targets.life import may_shape
from lmssocial_reporting.targets.present import Present, present_beside
from lmssocial_reporting.targets.values import Remark, Stage, Target
from lmssocial_reporting.targets.words import band_sentence, share_words


@dataclass(frozen=True, kw_only=True)
class TargetPage:
    """The targets of a scope, as far as the reader may see them."""

    scope: Scope
    today: date
    in_force: Target | None
    open: Target | None
    """The one that is being agreed on; drafts only for those who set them."""
    past: tuple[Target, ...]
    present: Present
    """Present shares beside the bands of the one in force."""
    open_present: Present
    remarks: tuple[Remark, ...]
    own_vote: bool | None
    may_set: bool
    """Whether the reader writes, ratifies and retires targets."""
    may_shape: bool
    """Whether the reader writes on the one that is a draft."""

    @property
    def asks(self) -> bool:
        """Whether members say what they think just now."""
        found = self.open
        return found is not None and found.ends_on is not None and self.today <= found.ends_on

    @property
    def is_due(self) -> bool:
        """Whether the day has come on which its setters wanted to look at the target again."""
        return self.in_force is not None and self.in_force.review_on <= self.today


def read_page(frame: Frame, scope: Scope) -> TargetPage:
    """What there is to read of a scope's targets. A constant number of queries."""
    session, actor = frame.session, frame.actor
    found = service.targets_of(session, actor.tenant_id, scope_key(actor, scope))
    ratified = next((one for one in found if one.stage is Stage.RATIFIED), None)
    pending = next((one for one in found if one.stage in {Stage.DRAFT, Stage.CONSULTED}), None)
    shapes = pending is not None and may_shape(actor, pending.scope, pending.setter_ids)
    if pending is not None and pending.stage is Stage.DRAFT and not shapes:
        pending = None
    consulted = pending is not None and pending.stage is Stage.CONSULTED
    return TargetPage(
        scope=scope,
        today=today(frame.settings),
        in_force=ratified,
        open=pending,
        past=tuple(one for one in found if one.stage is Stage.RETIRED),
        present=present_beside(frame, scope, ratified),
        open_present=present_beside(frame, scope, pending),
        remarks=tuple(service.remarks_on(session, actor.tenant_id, pending.id))
        if pending is not None and consulted
        else (),
        own_vote=service.own_vote(session, pending.id, actor.user_id)
        if pending is not None and consulted
        else None,
        may_set=may_write(actor, scope_key(actor, scope)),
        may_shape=shapes,
    )


def show(
    frame: Frame, scope: Scope, *, vote: VoteForm | None = None, remark: RemarkForm | None = None
) -> str:
    """The page of a scope's targets, with what was typed into its forms."""
    page = read_page(frame, scope)
    own = None if page.own_vote is None else "for" if page.own_vote else "against"
    return render(
        "target_detail",
        frame,
        scope,
        page=page,
        vote=vote or VoteForm(data={"vote": own}),
        remark=remark or RemarkForm(),
        scopes=frame.scopes(),
    )


def render(template: str, frame: Frame, scope: Scope, **more: Any) -> str:
    """A page about targets."""
    return render_template(
        f"lmssocial_reporting/{template}.html",
        frame=frame,
        of=scope,
        role_title=role_title,
        roles=list(Role),
        share_words=share_words,
        band_sentence=band_sentence,
        day_words=format_date,
        **more,
    )


def scope_of_target(frame: Frame, target: Target) -> Scope:
    """The scope that a target belongs to.

    :raises NotFound: if the actor may not read it, as if there were none.
    """
    for scope in frame.scopes():
        if scope_key(frame.actor, scope) == target.scope:
            return scope
    raise NotFound(_("There is no such target."))

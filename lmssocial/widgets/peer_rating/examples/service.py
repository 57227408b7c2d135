"""Examples, as staff make them: written or taken from earlier work, given levels, put in order, retired.

Nothing here commits.
"""

from collections.abc import Sequence

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from lmssocial.core.db import JsonObject
from lmssocial.core.hooks import Moment
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import Conflict, Invalid, NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.composing import handing_in
from lmssocial.social.content import writing
from lmssocial.social.content.drafts import Writing
from lmssocial.social.content.models import Contribution, State
from lmssocial.social.content.text import is_blank, tidy
from lmssocial.social.moderation.screening import Screen
from lmssocial.social.rubrics.criteria import Criterion, total
from lmssocial.widgets.peer_rating import access, activities
from lmssocial.widgets.peer_rating.activities import Running
from lmssocial.widgets.peer_rating.example_models import Example, Try
from lmssocial.widgets.peer_rating.examples.drafts import ExampleDraft
from lmssocial.widgets.peer_rating.settings import Mode

KIND = "peer_rating.example"
MOST = 10
"""Examples in use: more than anybody should have to try before a first review."""
MAX_EXPLANATION = 3000
"""Characters."""


def make(session: Session, screen: Screen, actor: Actor, placement_id: int, draft: ExampleDraft) -> Example:
    """Add an example at the end of the list.

    :raises NotAllowed: unless the actor is staff.
    :raises Invalid: if a level or the explanation is missing, there are too many, or the policies refuse the words.
    """
    access.require_runs(actor)
    running = _to_change(session, actor, placement_id)
    _require_room(session, placement_id)
    _require_complete(running, draft)
    text = Writing(source=draft.source, submission_key=draft.submission_key)
    before = writing.sent_before(session, actor, text)
    if before is not None:
        return session.scalars(select(Example).where(Example.contribution_id == before.id)).one()
    handed_in = handing_in.hand_in(screen, actor, KIND, text, handing_in.files_in(session, actor, text))
    contribution = handing_in.store(session, actor, handed_in, placement_id)
    example = Example(
        tenant_id=actor.tenant_id,
        community_id=actor.community_id,
        placement_id=placement_id,
        contribution_id=contribution.id,
        levels=as_json(draft.levels),
        points=points_of(running.settings.rubric, draft.levels),
        explanation=tidy(draft.explanation),
        position=_next_position(session, placement_id),
    )
    session.add(example)
    session.flush()
    held = handed_in.held_because is not None
    handing_in.settle(session, actor, contribution, handed_in, held=held)
    return example


def change(
    session: Session,
    screen: Screen,
    actor: Actor,
    placement_id: int,
    example_id: int,
    draft: ExampleDraft,
    seen: int,
) -> Example:
    """Give an example other words, levels or reasons. Once somebody has tried it, only the reasons may change.

    :param seen: the version of the words that was before the editor's eyes.
    :raises NotFound: if there is none.
    :raises NotAllowed: unless the actor is staff.
    :raises Invalid: as :func:`make`.
    :raises Conflict: if somebody has tried it meanwhile, or the words were changed by somebody else.
    """
    access.require_runs(actor)
    running = _to_change(session, actor, placement_id)
    example = _one(session, placement_id, example_id)
    _require_complete(running, draft)
    contribution = session.get_one(Contribution, example.contribution_id)
    text = Writing(source=tidy(draft.source))
    other_words = text.source != contribution.source
    if is_tried(session, example_id) and (other_words or as_json(draft.levels) != example.levels):
        raise Conflict(
            _(
                "Somebody has tried this example, so its words and levels stay as they are. "
                "Retire it, and write another one, if it misleads."
            )
        )
    if other_words:
        handed_in = handing_in.hand_in(
            screen,
            actor,
            KIND,
            text,
            handing_in.files_in(session, actor, text),
            moment=Moment.EDIT,
            previous=contribution.source,
        )
        writing.revise(session, contribution, handed_in.text, handed_in.cooked, seen=seen)
        held = handed_in.held_because
        if held is not None:
            writing.hold(contribution, held)
        handing_in.settle(session, actor, contribution, handed_in, held=held is not None)
    example.levels = as_json(draft.levels)
    example.points = points_of(running.settings.rubric, draft.levels)
    example.explanation = tidy(draft.explanation)
    return example


def retire(session: Session, actor: Actor, placement_id: int, example_id: int) -> None:
    """Let nobody try an example any more; tries at it still count."""
    access.require_runs(actor)
    _to_change(session, actor, placement_id)
    example = _one(session, placement_id, example_id)
    example.retired_at = example.retired_at or clock.now()


def put_back(session: Session, actor: Actor, placement_id: int, example_id: int) -> None:
    """Let people try a retired example again; it comes last.

    :raises Invalid: if it has no levels of the present rubric, or there are too many.
    """
    access.require_runs(actor)
    running = _to_change(session, actor, placement_id)
    example = _one(session, placement_id, example_id)
    if example.retired_at is None:
        return
    _require_room(session, placement_id)
    if chosen(example, running.settings.rubric) is None:
        raise Invalid(_("The rubric has changed since. Give this example its levels first."))
    example.retired_at, example.position = None, _next_position(session, placement_id)


def move(session: Session, actor: Actor, placement_id: int, example_id: int, *, up: bool) -> None:
    """Let an example be tried one place earlier or later."""
    access.require_runs(actor)
    _to_change(session, actor, placement_id)
    example = _one(session, placement_id, example_id)
    order = _in_use(session, placement_id)
    if example not in order:
        return
    here = order.index(example)
    there = here - 1 if up else here + 1
    if 0 <= there < len(order):
        order[here], order[there] = order[there], order[here]
    for number, one in enumerate(order):
        one.position = number


def follow_rubric(
    session: Session, placement_id: int, before: Sequence[Criterion], after: Sequence[Criterion]
) -> int:
    """Let examples go with a rubric that was changed; says how many had to be retired.

    An example keeps its levels where the criteria and levels it was given are still there, wherever they stand.
    """
    retired = 0
    for example in session.scalars(select(Example).where(Example.placement_id == placement_id)):
        levels = _found_again(example, before, after)
        if levels is not None:
            example.levels, example.points = as_json(levels), points_of(after, levels)
            continue
        retired += example.retired_at is None
        example.levels, example.points = as_json(()), 0.0
        example.retired_at = example.retired_at or clock.now()
    return retired


def as_json(levels: Sequence[int]) -> JsonObject:
    """Levels as an example keeps them."""
    return {"levels": {str(number): level for number, level in enumerate(levels)}}


def chosen(example: Example, rubric: Sequence[Criterion]) -> tuple[int, ...] | None:
    """The level of each criterion; ``None`` if the example has none for one of them."""
    kept = example.levels.get("levels", {})
    levels = [kept.get(str(number)) for number in range(len(rubric))]
    if not rubric or any(
        level is None or not 0 <= level < len(line.levels) for level, line in zip(levels, rubric, strict=True)
    ):
        return None
    return tuple(levels)


def points_of(rubric: Sequence[Criterion], levels: Sequence[int]) -> float:
    """What levels give together."""
    return total(line.levels[level][1] for line, level in zip(rubric, levels, strict=True))


def is_tried(session: Session, example_id: int) -> bool:
    """Whether anybody has tried it."""
    return bool(session.scalar(select(exists().where(Try.example_id == example_id))))


def waits(session: Session, example: Example) -> bool:
    """Whether a moderator has to let its words through before anybody reads them."""
    return session.get_one(Contribution, example.contribution_id).state is not State.PUBLISHED


def _to_change(session: Session, actor: Actor, placement_id: int) -> Running:
    """The activity, locked.

    :raises NotFound: if it is not of their community.
    """
    activities.running(session, actor, placement_id)
    return activities.locked(session, placement_id)


def _one(session: Session, placement_id: int, example_id: int) -> Example:
    example = session.get(Example, example_id)
    if example is None or example.placement_id != placement_id:
        raise NotFound(_("There is no such example here."))
    return example


def _in_use(session: Session, placement_id: int) -> list[Example]:
    wanted = select(Example).where(Example.placement_id == placement_id, Example.retired_at.is_(None))
    return list(session.scalars(wanted.order_by(Example.position, Example.id)))


def _next_position(session: Session, placement_id: int) -> int:
    last = session.scalar(select(func.max(Example.position)).where(Example.placement_id == placement_id))
    return 0 if last is None else last + 1


def _require_room(session: Session, placement_id: int) -> None:
    if len(_in_use(session, placement_id)) >= MOST:
        raise Invalid(
            _(
                "There are %(most)d examples already. Retire one that teaches least, then add another.",
                most=MOST,
            )
        )


def _require_complete(running: Running, draft: ExampleDraft) -> None:
    rubric = running.settings.rubric
    if running.settings.mode is Mode.PAIRS or not rubric:
        raise Invalid(_("Examples are looked at by a rubric. Write one first."))
    in_range = len(draft.levels) == len(rubric) and all(
        0 <= level < len(line.levels) for level, line in zip(draft.levels, rubric, strict=True)
    )
    if not in_range:
        raise Invalid(_("The rubric has changed meanwhile. Choose the levels once more."))
    if is_blank(draft.explanation):
        raise Invalid(_("Say why: that is what people learn from."))
    if len(draft.explanation) > MAX_EXPLANATION:
        raise Invalid(_("An explanation has at most %(max)d characters.", max=MAX_EXPLANATION))


def _found_again(
    example: Example, before: Sequence[Criterion], after: Sequence[Criterion]
) -> tuple[int, ...] | None:
    """The levels of an example in another rubric; ``None`` if one of them is not there."""
    levels = chosen(example, before)
    if levels is None or not after:
        return None
    words = {line.title: line.levels[level] for line, level in zip(before, levels, strict=True)}
    found: list[int] = []
    for line in after:
        if words.get(line.title) not in line.levels:
            return None
        found.append(line.levels.index(words[line.title]))
    return tuple(found)

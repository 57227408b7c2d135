"""What a timer or a command of a plugin has at hand: sessions, the courses it is on in, settings, other servers."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, sessionmaker

from lmssocial.core.db import unit_of_work
from lmssocial.core.hooks import Level, PluginHost
from lmssocial.core.outbound import Outbound, OutboundError
from lmssocial.lms.identity.models import Course
from lmssocial.social.plugin_settings.breaker import tripped_at
from lmssocial.social.plugin_settings.models import PluginSetting
from lmssocial.social.plugin_settings.service import ENABLED, locks_of, reach


@dataclass
class PluginWork:
    """:class:`lmssocial.core.hooks.timing.Work` of one plugin."""

    plugin: str
    sessions: sessionmaker[Session]
    host: PluginHost
    outbound: Outbound
    _open: list[Session] = field(default_factory=list, init=False)
    _writing: int = field(default=0, init=False)

    @contextmanager
    def unit_of_work(self) -> Iterator[Session]:
        """See :meth:`lmssocial.core.hooks.timing.Work.unit_of_work`."""
        self._writing += 1
        try:
            with self._session() as session, unit_of_work(session):
                yield session
        finally:
            self._writing -= 1

    def reading(self) -> AbstractContextManager[Session]:
        """See :meth:`lmssocial.core.hooks.timing.Work.reading`."""
        return self._session()

    def courses_on(self) -> Sequence[int]:
        """See :meth:`lmssocial.core.hooks.timing.Work.courses_on`. Three queries."""
        with self._session() as session:
            return courses_on(session, self.host, self.plugin)

    def settings(self, *, tenant_id: int, course_id: int | None = None) -> Any:
        """See :meth:`lmssocial.core.hooks.timing.Work.settings`. One query."""
        with self._session() as session:
            here = reach(session, self.host, tenant_id=tenant_id, course_id=course_id)
        return here.settings(self.plugin) if self.plugin in here.enabled else None

    def post_json(self, url: str, payload: object, *, headers: dict[str, str], seconds: float = 10.0) -> int:
        """See :meth:`lmssocial.core.hooks.timing.Work.post_json`.

        :raises RuntimeError: within a :meth:`unit_of_work`.
        """
        if self._writing:
            raise RuntimeError("Post outside of a unit_of_work: the other server may not answer for long.")
        try:
            return self.outbound.post_json(
                url, payload, headers=headers, lenient=True, seconds=seconds
            ).status
        except OutboundError as error:
            if (
                error.reply is None or 200 <= error.reply.status < 300
            ):  # a login page says 200 and took nothing
                raise ConnectionError(str(error)) from error
            return error.reply.status

    def abandon(self) -> None:
        """Let go of the connections of blocks that were interrupted: nobody knows what state they are in."""
        for session in self._open:
            session.invalidate()
        self._open.clear()

    @contextmanager
    def _session(self) -> Iterator[Session]:
        session = self.sessions()
        self._open.append(session)
        with session:
            yield session
        self._open.remove(session)


def courses_on(session: Session, host: PluginHost, plugin: str) -> list[int]:
    """The ids of the courses in which ``plugin`` is on and the breaker did not switch it off. Three queries."""
    rows = session.scalars(
        select(PluginSetting).where(
            PluginSetting.plugin == plugin,
            or_(PluginSetting.enabled.is_not(None), PluginSetting.level != Level.COURSE),
        )
    ).all()
    decided = {(row.level, row.place_id): row for row in rows}
    always = plugin in host.builtin
    if not always and not any(row.enabled for row in rows):
        return []
    broken = tripped_at(session, plugin)
    courses = session.execute(select(Course.id, Course.tenant_id).order_by(Course.id))
    return [
        course_id
        for course_id, tenant_id in courses
        if tenant_id not in broken and _is_on(decided, tenant_id, course_id, default=always)
    ]


def _is_on(
    decided: Mapping[tuple[Level, int], PluginSetting], tenant_id: int, course_id: int, *, default: bool
) -> bool:
    """What comes of the decisions: the nearest one, unless somebody further up locked theirs."""
    on = default
    for place in ((Level.INSTALLATION, 0), (Level.TENANT, tenant_id), (Level.COURSE, course_id)):
        row = decided.get(place)
        if row is None:
            continue
        on = on if row.enabled is None else row.enabled
        if ENABLED in locks_of(row):
            break
    return on

"""Who and what was what in LTI 1.1: keys of platforms, and the names they signed with them. Nothing here commits."""

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import Conflict
from lmssocial.core.kernel.secrets import SealBroken, SecretBox
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.launch_models import LegacyConsumer
from lmssocial.lms.identity.models import Course, Deployment, Registration, ResourceLink, User
from lmssocial.lms.lti.launch import Migration
from lmssocial.lms.lti.migration import is_signed_with


def consumers(session: Session, registration_id: int) -> Sequence[LegacyConsumer]:
    """The keys of a platform, by name."""
    return session.scalars(
        select(LegacyConsumer)
        .where(LegacyConsumer.registration_id == registration_id)
        .order_by(LegacyConsumer.consumer_key)
    ).all()


def add_consumer(session: Session, box: SecretBox, registration_id: int, key: str, secret: str) -> None:
    """Remember a key and its secret, which nobody will read again.

    :raises Conflict: if the platform has a key of this name.
    """
    if any(one.consumer_key == key for one in consumers(session, registration_id)):
        raise Conflict(_("This platform has that key already. Remove it first if its secret is another one."))
    session.add(
        LegacyConsumer(
            registration_id=registration_id,
            consumer_key=key,
            sealed_secret=box.seal(secret.encode()),
            created_at=clock.now(),
        )
    )


def remove_consumer(session: Session, registration_id: int, consumer_id: int) -> str:
    """Forget a key; what was learned by it stays. Gives its name, empty if it is gone already."""
    found = session.execute(
        delete(LegacyConsumer)
        .where(LegacyConsumer.id == consumer_id, LegacyConsumer.registration_id == registration_id)
        .returning(LegacyConsumer.consumer_key)
        .execution_options(synchronize_session=False)
    ).first()
    return "" if found is None else found.consumer_key


def learn(
    session: Session,
    box: SecretBox,
    registration: Registration,
    migration: Migration,
    *,
    course: Course,
    link: ResourceLink | None,
    user: User,
) -> str:
    """Keep what LTI 1.1 called them, if the platform proves it. Says why not, for administrators; empty otherwise.

    The first who is called something keeps it: a name is never given to a second person, course or link.
    """
    trouble = _doubt(session, box, registration.id, migration)
    if trouble:
        return trouble
    if not _is_news(migration, course, link, user):
        return ""
    # One at a time in a platform, so that of two people who claim one name at once only one gets it. New rows that
    # refer to the platform do not have to wait, and we not for them.
    session.execute(
        select(Registration.id).where(Registration.id == registration.id).with_for_update(key_share=True)
    )
    refused = []
    is_taken = _is_taken_by_another_person(session, user, migration.user_id)
    if not _is_called(user, migration.user_id, is_taken=is_taken):
        refused.append("user_id")
    is_taken = _is_another_course(session, registration, course, migration)
    if not _is_called(course, migration.context_id, is_taken=is_taken):
        refused.append("context_id")
    if link is not None:
        is_taken = _is_another_link(session, link, migration.resource_link_id)
        if not _is_called(link, migration.resource_link_id, is_taken=is_taken):
            refused.append("resource_link_id")
    return f"lti1p1: {', '.join(refused)} belongs to another since an earlier launch" if refused else ""


def _doubt(session: Session, box: SecretBox, registration_id: int, migration: Migration) -> str:
    consumer = session.scalar(
        select(LegacyConsumer).where(
            LegacyConsumer.registration_id == registration_id,
            LegacyConsumer.consumer_key == migration.consumer_key,
        )
    )
    if consumer is None:
        return f"lti1p1 ignored: no secret is known for the key {migration.consumer_key!r}"
    try:
        secret = box.open(consumer.sealed_secret).decode()
    except SealBroken:
        return f"lti1p1 ignored: the secret of {migration.consumer_key!r} was sealed with another secret key"
    if not is_signed_with(migration, secret):
        return f"lti1p1 ignored: it is not signed with the secret of the key {migration.consumer_key!r}"
    return ""


def _is_news(migration: Migration, course: Course, link: ResourceLink | None, user: User) -> bool:
    known = (user.legacy_id, course.legacy_id, link.legacy_id if link else migration.resource_link_id)
    return known != (migration.user_id, migration.context_id, migration.resource_link_id)


def _is_called(row: User | Course | ResourceLink, legacy_id: str, *, is_taken: bool) -> bool:
    """Whether ``row`` is called so from now on, or nothing was said. Who is called nothing yet takes a free name."""
    if not row.legacy_id and legacy_id and not is_taken:
        row.legacy_id = legacy_id
    return not legacy_id or row.legacy_id == legacy_id


def _is_taken_by_another_person(session: Session, user: User, legacy_id: str) -> bool:
    which = select(User.id).where(
        User.registration_id == user.registration_id, User.legacy_id == legacy_id, User.id != user.id
    )
    return session.scalar(which.limit(1)) is not None


def _is_another_course(
    session: Session, registration: Registration, course: Course, migration: Migration
) -> bool:
    which = (
        select(Course.id)
        .join(Deployment, Deployment.id == Course.deployment_id)
        .where(
            Deployment.registration_id == registration.id,
            Course.legacy_id == migration.context_id,
            Course.id != course.id,
        )
    )
    return session.scalar(which.limit(1)) is not None


def _is_another_link(session: Session, link: ResourceLink, legacy_id: str) -> bool:
    which = select(ResourceLink.id).where(
        ResourceLink.course_id == link.course_id,
        ResourceLink.legacy_id == legacy_id,
        ResourceLink.id != link.id,
    )
    return session.scalar(which.limit(1)) is not None

"""What a launch says about its course and link beside who came: where services are, what it was copied from."""

from sqlalchemy.orm import Session

from lmssocial.core.db.upsert import insert_if_absent
from lmssocial.core.kernel import clock
from lmssocial.lms.identity.courses import MAX_ORIGINS, note_origins
from lmssocial.lms.identity.launch_models import CourseServices
from lmssocial.lms.identity.models import Course, ResourceLink
from lmssocial.lms.lti.launch import Launch


def note_services(session: Session, course: Course, link: ResourceLink | None, launch: Launch) -> None:
    """Keep what ``launch`` says. What it leaves out stays as it was: platforms leave claims out of some messages.

    :param link: the link that was opened; ``None`` in a deep-linking request.
    """
    services = _services(session, course)
    stated: dict[str, str] = {}
    if launch.memberships is not None:
        stated["memberships_url"] = launch.memberships.url
    if launch.grades is not None:
        stated["line_items_url"] = launch.grades.line_items_url or services.line_items_url
        stated["grade_scopes"] = " ".join(sorted(launch.grades.scopes))
    if launch.groups is not None:
        stated["groups_url"], stated["group_sets_url"] = launch.groups.groups_url, launch.groups.sets_url
        stated["group_scopes"] = " ".join(sorted(launch.groups.scopes))
    if any(getattr(services, name) != value for name, value in stated.items()):
        for name, value in stated.items():
            setattr(services, name, value)
        services.noted_at = clock.now()
    if link is not None and launch.grades is not None and launch.grades.line_item_url:
        link.line_item_url = launch.grades.line_item_url[:2000]
    note_origins(course, _listed(launch, "context_id_history", "Context.id.history"))
    links = _listed(launch, "resource_link_id_history", "ResourceLink.id.history")
    if link is not None and links and link.origins.get("links") != links:
        link.origins = {**link.origins, "links": links}


def _services(session: Session, course: Course) -> CourseServices:
    found = session.get(CourseServices, course.id)
    if found is None:
        names = (
            "memberships_url",
            "line_items_url",
            "grade_scopes",
            "groups_url",
            "group_sets_url",
            "group_scopes",
        )
        row = {"course_id": course.id, **dict.fromkeys(names, ""), "noted_at": clock.now()}
        insert_if_absent(session, CourseServices, row, [CourseServices.course_id])
        found = session.get_one(CourseServices, course.id)
    return found


def _listed(launch: Launch, ours: str, theirs: str) -> list[str]:
    """The ids of a history, which LTI Core 1.3 §B.1 separates by commas.

    :param ours: the custom parameter as we ask for it.
    :param theirs: under the name of the variable, as it arrives where somebody chose it from a list (Brightspace).
    """
    history = launch.custom.get(ours) or launch.custom.get(theirs, "")
    return [one for one in (part.strip() for part in history.split(",")) if one][:MAX_ORIGINS]

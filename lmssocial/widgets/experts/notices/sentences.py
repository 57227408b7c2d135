"""How notices of expert connect read, and where they lead. Sentences work outside of a request as well.

No sentence says who declined or let an invitation pass, and none says how somebody rated.
"""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from lmssocial.core.kernel import clock
from lmssocial.core.kernel.words import gettext as _
from lmssocial.core.kernel.words import ngettext
from lmssocial.social.notifications.ports import Noted
from lmssocial.social.notifications.wording import who
from lmssocial.widgets.experts.invitation_models import WAITING, InvitationState
from lmssocial.widgets.experts.notices.seen import Invited, Meeting

HOUR = 3600


def sentence(notice: Noted) -> str:
    """What happened to a question, to somebody's name as an expert, or in an introduction."""
    say = SENTENCES.get(str(notice.subject.get("what", "")))
    return _("There is something new") if say is None else say(who(notice.people))


def invited(notice: Noted, invitation: Invited) -> str:
    """That somebody is asked, and until when they are waited for; or what became of it meanwhile."""
    if invitation.state is InvitationState.ACCEPTED:
        return _("You said that you answer %(who)s", who=who(notice.people))
    if invitation.state not in WAITING:
        return _("A question that you were asked to answer went on to others. There is nothing to do")
    hours = round((invitation.due_at - clock.now()).total_seconds() / HOUR)
    name = who(notice.people)
    if hours < 1:
        return _("%(who)s has a question that you may know about. Can you answer it?", who=name)
    if hours < 48:
        return ngettext(
            "%(who)s has a question that you may know about. Please say within an hour whether you can answer",
            "%(who)s has a question that you may know about. Please say within %(num)s hours whether you can answer",
            hours,
            who=name,
        )
    return ngettext(
        "%(who)s has a question that you may know about. Please say within a day whether you can answer",
        "%(who)s has a question that you may know about. Please say within %(num)s days whether you can answer",
        hours // 24,
        who=name,
    )


def why(invitation: Invited) -> str:
    """Why they were chosen, and what whoever thought of them wrote; empty if there is nothing to say."""
    reasons = "; ".join(invitation.reasons)
    said = [_("Why you: %(reasons)s.", reasons=reasons)] if reasons else []
    return " ".join([*said, invitation.note]).strip()


def meeting(notice: Noted, found: Meeting) -> str:
    """What happened to a meeting, and when it is."""
    at = _clock(found.starts_at, found.zone)
    name = who(notice.people)
    what = notice.subject.get("what")
    if what == "offered":
        until = _clock(datetime.fromisoformat(notice.subject["until"]), found.zone)
        return _("A place came free on %(at)s. It is kept for you until %(until)s", at=at, until=until)
    return {
        "booked": _("%(who)s comes to your office hour on %(at)s", who=name, at=at),
        "seat": _("Your meeting on %(at)s is booked", at=at),
        "waits": _("%(who)s waits for a place in your office hour on %(at)s", who=name, at=at),
        "changed": _("Your meeting changed: it is on %(at)s", at=at),
        "called-off": _("Your meeting on %(at)s does not take place", at=at),
        "cancelled": _("%(who)s does not come to your office hour on %(at)s", who=name, at=at),
        "near": _("Your meeting begins soon: on %(at)s", at=at),
    }.get(str(what), _("There is news of your meeting on %(at)s", at=at))


def _clock(moment: datetime, zone: str) -> str:
    """A moment by the clock of the office hour, in the order that every language reads (ISO 8601)."""
    return f"{moment.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M} ({zone})"


def path(notice: Noted) -> str:
    """Where it leads, below the address of the activity."""
    subject = notice.subject
    if "question_id" in subject:
        end = "/publish" if subject.get("what") == "proposed" else ""
        return f"/questions/{subject['question_id']}{end}"
    if "introduction_id" in subject:
        return f"/introductions/{subject['introduction_id']}"
    if "booking_id" in subject:
        return f"/bookings/{subject['booking_id']}"
    if "expert_id" in subject:
        return f"/people/{subject['expert_id']}"
    if subject.get("what") in {"opted", "paused"}:
        return "/me"
    return f"/topics/{subject['topic_id']}" if "topic_id" in subject else "/"


SENTENCES: dict[str, Callable[[str], str]] = {
    "accepted": lambda name: _("%(who)s answers your question", who=name),
    "passed-on": lambda _name: _("Nobody answered in time, so your question went on to others"),
    "released": lambda _name: _("Your question went on to others, who may have more time"),
    "opened": lambda _name: _("Your question is open to everybody now"),
    "nobody": lambda _name: _("No expert was free for this question, so it is open to everybody"),
    "desk": lambda _name: _("Your question is on the stewards' desk now: somebody looks after it in person"),
    "ended": lambda _name: _("A question that you were asked to answer needs you no more"),
    "paused": lambda _name: _(
        "You seem to be busy, so nobody is sent to you for some time. Come back whenever you like, on this page"
    ),
    "given-back": lambda _name: _(
        "The time for a question that you had taken is over, so it went on to others. No harm is done"
    ),
    "reopened": lambda name: _("%(who)s asks once more: the question is not solved after all", who=name),
    "replied": lambda name: _("%(who)s said more about the question that you answer", who=name),
    "answered": lambda name: _("%(who)s answered your question", who=name),
    "asked-back": lambda name: _("%(who)s needs to know more before they can answer your question", who=name),
    "added": lambda name: _("%(who)s wrote to you about your question", who=name),
    "silence": lambda _name: _(
        "Your question counts as resolved, as nothing more was said. Open it again if it is not"
    ),
    "closed": lambda _name: _("A steward closed your question. Why, and what you can do, stands on its page"),
    "merged": lambda _name: _("Your question goes on in another one. Its page leads you there"),
    "proposed": lambda name: _(
        "%(who)s wants to publish a question and its answer, and asks whether you agree", who=name
    ),
    "published": lambda _name: _("The question and its answer are knowledge of the community now"),
    "helped": lambda name: _("Your answer helped %(who)s: the question is resolved", who=name),
    "thanked": lambda name: _("%(who)s thanks you for your answer", who=name),
    "rated": lambda name: _("%(who)s said how far your answer helped", who=name),
    "reached": lambda name: _("%(who)s, of whom you thought, answered the question", who=name),
    "connected": lambda name: _("%(who)s, of whom you thought, solved the question", who=name),
    "open": lambda name: _(
        "A question of %(who)s is open to everybody. Do you know it, or who does?", who=name
    ),
    "waits": lambda _name: _("A question waits for long and is on the desk"),
    "nobody-free": lambda _name: _("A question found nobody who knows, or has time"),
    "endorsed": lambda name: _("%(who)s says that you know about a topic", who=name),
    "confirmed": lambda _name: _("A steward confirmed what others say of you about a topic"),
    "endorsements": lambda _name: _("Several people endorse somebody for a topic. Please look at it"),
    "opted": lambda name: _("%(who)s asks you to be an expert here. You can change or end that", who=name),
    "sme": lambda name: _("%(who)s made you the SME of a topic", who=name),
    "sme-ended": lambda _name: _("You are not the SME of a topic any more"),
    "asked": lambda name: _("%(who)s wants to bring you and somebody else together", who=name),
    "met": lambda _name: _("Both said yes: you can write to each other now"),
    "ended-introduction": lambda _name: _("Your introduction came to nothing this time"),
    "wrote": lambda name: _("%(who)s wrote to you", who=name),
}
"""Sentences by what happened; each takes who did it."""

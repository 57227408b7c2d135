"""Codes in words: what administrators did, and what happened in courses."""

from flask_babel import lazy_gettext as _l

ACTIONS = {
    "account.added": _l("added an administrator"),
    "account.disabled": _l("switched an administrator off"),
    "account.enabled": _l("switched an administrator on"),
    "account.password_changed": _l("changed their password"),
    "account.recovery_code_used": _l("used a recovery code"),
    "account.recovery_codes_renewed": _l("made new recovery codes"),
    "account.removed": _l("removed an administrator"),
    "account.second_step_off": _l("switched their second step off"),
    "account.second_step_on": _l("switched their second step on"),
    "account.signed_in": _l("signed in"),
    "account.signed_out": _l("signed out"),
    "delivery.retried": _l("had mail sent again"),
    "deployment.approved": _l("approved a deployment"),
    "deployment.disabled": _l("switched a deployment off"),
    "event.dismissed": _l("dismissed a parked event"),
    "event.retried": _l("had a parked event tried again"),
    "grade.retried": _l("had grades sent again"),
    "invitation.created": _l("made an invitation"),
    "invitation.revoked": _l("revoked an invitation"),
    "key.replaced": _l("replaced every signing key"),
    "key.rotated": _l("made a new signing key"),
    "platform.added": _l("added a platform"),
    "platform.disabled": _l("switched a platform off"),
    "platform.edited": _l("edited a platform"),
    "platform.enabled": _l("switched a platform on"),
    "platform.keys_fetched": _l("had the keys of a platform fetched"),
    "platform.legacy_key_added": _l("added a key that a platform had in LTI 1.1"),
    "platform.legacy_key_removed": _l("removed a key that a platform had in LTI 1.1"),
    "platform.removed": _l("removed a platform"),
    "platform.updated_there": _l("told a platform what has changed here"),
    "plugin.configured": _l("set a plugin"),
    "plugin.loaded": _l("loaded new plugins"),
    "plugin.locked": _l("locked settings of a plugin"),
    "plugin.purged": _l("deleted everything of a plugin"),
    "plugin.reset": _l("switched a plugin on again after failures"),
    "plugin.stance_advise": _l("let a policy advise"),
    "plugin.stance_enforce": _l("let a policy be enforced"),
    "plugin.stance_inherit": _l("let a policy count as above"),
    "plugin.stance_off": _l("let a policy not be asked"),
    "plugin.stance_shadow": _l("let a policy only be noted"),
    "plugin.switched_inherit": _l("let a plugin follow the installation"),
    "plugin.switched_off": _l("switched a plugin off"),
    "plugin.switched_on": _l("switched a plugin on"),
    "plugin.tried_out": _l("tried a policy out on the past"),
    "plugin.unlocked": _l("unlocked settings of a plugin"),
    "plugin.upgraded": _l("brought the tables of a plugin up to date"),
    "roster.asked": _l("had a roster read"),
    "subscription.asked": _l("asked a platform for its notices again"),
    "tenant.added": _l("added a tenant"),
    "tenant.language_chosen": _l("chose a tenant's language"),
    "tenant.removed": _l("removed a tenant"),
    "tenant.renamed": _l("renamed a tenant"),
}
"""Every action that is written to the administrators' log."""

EVENTS = {
    "communities.group_deleted": _l("Groups deleted"),
    "communities.group_made": _l("Groups made"),
    "communities.group_members_changed": _l("Changes to who is in a group"),
    "communities.group_renamed": _l("Groups renamed"),
    "communities.widget_placed": _l("Activities placed"),
    "discussion.configured": _l("Discussions configured"),
    "discussion.grade_returned": _l("Grades given back to learners"),
    "discussion.graded": _l("Grades given"),
    "discussion.import_undone": _l("Imports undone"),
    "discussion.imported": _l("Imports"),
    "discussion.poll_closed": _l("Polls closed"),
    "discussion.poll_voted": _l("Votes in polls"),
    "discussion.post_edited": _l("Posts edited"),
    "discussion.post_removed": _l("Posts removed"),
    "discussion.post_restored": _l("Posts restored"),
    "discussion.posts_read": _l("Times somebody read on"),
    "discussion.question_solved": _l("Questions solved"),
    "discussion.question_unsolved": _l("Questions no longer solved"),
    "discussion.reply_posted": _l("Replies"),
    "discussion.thread_configured": _l("Threads configured"),
    "discussion.thread_locked": _l("Threads locked"),
    "discussion.thread_made_public": _l("Private questions made public"),
    "discussion.thread_merged": _l("Threads merged"),
    "discussion.thread_moved": _l("Threads moved"),
    "discussion.thread_pinned": _l("Threads pinned"),
    "discussion.thread_posted": _l("Threads"),
    "discussion.thread_split": _l("Threads split"),
    "discussion.thread_unlocked": _l("Threads unlocked"),
    "discussion.thread_unpinned": _l("Threads no longer pinned"),
    "engagement.endorsed": _l("Endorsements"),
    "engagement.helpful_marked": _l("Posts found helpful"),
    "engagement.helpful_unmarked": _l("Posts no longer found helpful"),
    "engagement.rated": _l("Posts rated"),
    "engagement.saved": _l("Posts saved"),
    "engagement.shared": _l("Posts shared to another course"),
    "engagement.specially_mentioned": _l("Special mentions"),
    "engagement.unendorsed": _l("Endorsements taken back"),
    "gradebook.grade_given_up": _l("Grades an LMS did not take"),
    "identity.course_joined": _l("People new in a course"),
    "moderation.case_decided": _l("Cases decided"),
    "moderation.case_opened": _l("Posts held"),
    "moderation.case_withdrawn": _l("Cases withdrawn"),
    "moderation.contribution_flagged": _l("Posts flagged"),
}
"""What happens in courses; events of plugins are shown by their names."""


def action_words(action: str) -> str:
    """An action as the log's pages say it; the code itself if it is from another version."""
    return str(ACTIONS.get(action, action))


def event_words(name: str) -> str:
    """What an event is called on a page; ``reporting.table_made`` has no words here and is "Reporting: table made"."""
    if name in EVENTS:
        return str(EVENTS[name])
    owner, _dot, what = name.partition(".")
    return f"{owner.replace('_', ' ').capitalize()}: {what.replace('_', ' ')}"

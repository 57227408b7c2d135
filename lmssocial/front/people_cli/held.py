"""What the core keeps about a person, slice by slice. Widgets say it themselves, through the hooks of plugins."""

from lmssocial.core.db.held import Held, gone, nobody, stays
from lmssocial.front.launch.picker_models import Selection
from lmssocial.lms.identity.models import Membership
from lmssocial.social.communities.models import Affiliation, Appointment, GroupMember, Placement, Span
from lmssocial.social.content.attachment_models import Attachment
from lmssocial.social.content.connection_models import Mention
from lmssocial.social.content.models import Contribution, Draft, Revision
from lmssocial.social.engagement.models import Follow, Mark, Share, SpecialMention
from lmssocial.social.gradebook.models import Score
from lmssocial.social.knowledge.models import Item
from lmssocial.social.moderation.models import Backtest, Case, Entry, Flag
from lmssocial.social.notifications.models import Delivery, Notice, Preference, Reachability

HELD: tuple[Held, ...] = (
    *gone(Notice.user_id, Delivery.user_id, Preference.user_id, Reachability.user_id),
    *gone(Follow.user_id, Draft.user_id, Mention.user_id, Selection.user_id, Score.user_id),
    *gone(Appointment.user_id, GroupMember.user_id, Membership.user_id),
    *nobody(
        Affiliation.joined_by_id,
        Appointment.appointed_by_id,
        Backtest.ran_by_id,
        Case.claimed_by_id,
        Contribution.removed_by_id,
        Item.reviewed_by_id,
        Placement.created_by_id,
        Span.founded_by_id,
    ),
    *stays(Contribution.author_id, Revision.editor_id, Attachment.uploader_id),
    *stays(Mark.user_id, words=(Mark.endorsement,)),
    *stays(SpecialMention.user_id, words=(SpecialMention.sentence,)),
    *stays(Share.user_id, Item.asker_id, Item.answerer_id, Item.published_by_id),
    *stays(Case.author_id, words=(Case.plea,)),
    *stays(Case.decided_by_id, words=(Case.message,)),
    *stays(Entry.actor_id, words=(Entry.note,)),
    *stays(Flag.flagger_id, words=(Flag.note,)),
    *stays(Flag.author_id, said=False),
)

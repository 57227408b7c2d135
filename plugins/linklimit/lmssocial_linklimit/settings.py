"""How it is set: the dataclass is the schema with its defaults, the form is its editor."""

from dataclasses import dataclass

from wtforms import IntegerField, StringField
from wtforms.validators import InputRequired, Length, NumberRange

from lmssocial.plugin import LinesField, LmsRole, RoleChecks, SafeForm
from lmssocial.plugin import lazy_gettext as _l

INVITATIONS = (
    "chat.whatsapp.com",
    "wa.me",
    "api.whatsapp.com",
    "t.me",
    "telegram.me",
    "telegram.dog",
    "discord.gg",
    "discord.com/invite",
    "discordapp.com/invite",
    "signal.group",
    "signal.me",
    "m.me",
    "line.me",
    "join.skype.com",
    "join.slack.com",
    "invite.viber.com",
    "zalo.me",
)
"""Where groups are joined and strangers written to."""
SHORTENERS = (
    "bit.ly",
    "bitly.com",
    "tinyurl.com",
    "t.co",
    "goo.gl",
    "is.gd",
    "v.gd",
    "ow.ly",
    "buff.ly",
    "cutt.ly",
    "rb.gy",
    "rebrand.ly",
    "short.gy",
    "shorturl.at",
    "s.id",
    "t.ly",
    "tiny.cc",
    "tr.im",
    "bl.ink",
    "lnkd.in",
    "linktr.ee",
    "dub.sh",
    "qrco.de",
    "adf.ly",
    "ouo.io",
)
"""Which hide where they lead."""
DOCUMENTS = (
    "docs.google.com",
    "drive.google.com",
    "sites.google.com",
    "forms.gle",
    "docs.app.goo.gl",
    "forms.office.com",
    "1drv.ms",
    "onedrive.live.com",
    "dropbox.com",
    "we.tl",
    "wetransfer.com",
    "mega.nz",
    "notion.site",
    "telegra.ph",
    "typeform.com",
)
"""Whose contents anybody may change after a moderator has looked."""


@dataclass(frozen=True)
class LinkLimit:
    """How many links a post may carry, where none may lead unread, and whom that does not concern."""

    limit: int = 2
    """Different pages a post may link to and still be published at once."""
    trusted_roles: tuple[str, ...] = (LmsRole.INSTRUCTOR.value, LmsRole.ADMINISTRATOR.value)
    """Leading LMS roles whose posts are not looked at; stewards and SMEs are trusted anyway."""
    invitations: tuple[str, ...] = INVITATIONS
    """Hosts of chats elsewhere; a post that leads to one is held."""
    shorteners: tuple[str, ...] = SHORTENERS
    """Hosts of short links; likewise."""
    documents: tuple[str, ...] = DOCUMENTS
    """Hosts of shared documents; likewise."""
    rule: str = ""
    """A sentence of the ground rules, quoted to the author."""


class LinkLimitForm(SafeForm):
    """The same for people."""

    limit = IntegerField(
        _l("Links that one post may carry"),
        [
            InputRequired(_l("A number from 0 to 50.")),
            NumberRange(min=0, max=50, message=_l("A number from 0 to 50.")),
        ],
        description=_l("A post with more is held until somebody has looked. 0 holds every post with a link."),
        render_kw={"inputmode": "numeric"},
    )
    trusted_roles = RoleChecks(
        _l("Who may link as much as they like"),
        description=_l("Stewards and subject-matter experts may, too."),
    )
    invitations = LinesField(
        _l("Chats elsewhere"),
        description=_l("One host a line. A post that leads to one is held, however many links it has."),
        render_kw={"rows": "6"},
    )
    shorteners = LinesField(
        _l("Short links"),
        description=_l("One host a line. They hide where they lead, so a post with one is held."),
        render_kw={"rows": "6"},
    )
    documents = LinesField(
        _l("Shared documents"),
        description=_l(
            "One host a line. They can be changed after you have looked, so a post with one is held."
        ),
        render_kw={"rows": "6"},
    )
    rule = StringField(
        _l("The rule it rests on"),
        [Length(max=300, message=_l("At most 300 characters."))],
        description=_l("A sentence of your ground rules. Whoever is held reads it."),
    )

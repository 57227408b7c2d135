"""What it takes to write to people, for tests: the discussion's notices, and a channel that keeps what it is given."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from lmssocial.core.hooks import Channel, ChannelMessage
from lmssocial.social.notifications.dispatch import Outgoing
from lmssocial.social.notifications.letters import Voices
from lmssocial.social.notifications.registry import everything
from lmssocial.social.notifications.unsubscribing import Unsubscribing
from lmssocial.widgets.discussion.wiring import lmssocial_register_widgets

PUBLIC_URL = "https://social.example.edu"
SECRET = "a secret for tests, of forty characters."


@dataclass
class Mailbox:
    """Everything that was sent."""

    messages: list[ChannelMessage] = field(default_factory=list)

    def channel(self, name: str = "email") -> dict[str, Channel]:
        """The only channel there is."""
        return {name: Channel(name=name, title="E-mail", send=self.messages.append)}


def outgoing(channels: Mapping[str, Channel] | None = None, **changes: object) -> Outgoing:
    """The real thing, with these ``channels``."""
    widgets = lmssocial_register_widgets()
    made = Outgoing(
        registry=everything(widgets),
        followed=[widget.followed for widget in widgets if widget.followed is not None],
        channels=Mailbox().channel() if channels is None else channels,
        addresses=Unsubscribing(SECRET, PUBLIC_URL),
        voices=Voices(),
        public_url=PUBLIC_URL,
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # a test names real fields

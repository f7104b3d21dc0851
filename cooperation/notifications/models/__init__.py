"""What the portal says to people: messages, and how each reader wants them."""

from cooperation.notifications.models.message import DIGEST, Message, MessageState
from cooperation.notifications.models.preference import Mode, Preference, Quiet

__all__ = ["DIGEST", "Message", "MessageState", "Mode", "Preference", "Quiet"]

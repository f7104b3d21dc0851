"""What stands around the words of a mail: the page of its HTML part, and the line that ends such mail."""

from cooperation.notifications.models import Message


def wrapped(message: Message) -> tuple[str, str]:
    """The whole text, and the whole HTML document or nothing."""
    return message.body, message.html

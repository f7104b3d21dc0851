"""Just before a message is sent or kept: does it still matter, and which words has it?"""

from datetime import datetime

from cooperation.notifications.kinds import kind_of
from cooperation.notifications.models import Message
from cooperation.notifications.rendering import render


class Pointless(Exception):
    """The message no longer matters."""


def prepare(message: Message, at: datetime) -> None:
    """Ask whether it still matters, and word it where it has no text; nothing is stored. Raises Pointless.

    It goes to its reader's address of this moment, and to nobody whose account was closed meanwhile.
    """
    if message.reader is not None:
        if not message.reader.is_active:
            raise Pointless
        message.recipient = message.reader.email
    kind = kind_of(message.kind)
    if message.expires_at and message.expires_at <= at:
        raise Pointless
    if kind.matters and not kind.matters(message.about, at):
        raise Pointless
    if message.subject or kind.compose is None:
        return
    letter = kind.compose(message, at)
    if letter is None:
        raise Pointless
    words = render(letter.template, letter.context, letter.language)
    message.subject, message.body, message.html = words.subject, words.body, words.html
    message.path, message.action = letter.path or words.path, letter.action or words.action

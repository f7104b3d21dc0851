"""Laying messages aside that nobody should receive any more."""

from datetime import datetime

from cooperation.notifications.models import Message, MessageState


def lapse_waiting(*, posted_before: datetime) -> int:
    """Let messages posted before an instant lapse unless they are being sent; return how many."""
    waiting = Message.objects.filter(state=MessageState.WAITING, created_at__lt=posted_before)
    return waiting.update(state=MessageState.LAPSED)

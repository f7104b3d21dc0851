"""Laying messages aside that nobody should receive by mail any more."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from cooperation.notifications.models import Message, MessageState


@transaction.atomic
def lay_aside(*, posted_before: datetime, read_before: datetime) -> int:
    """Let nothing posted before an instant be mailed; return how many messages.

    Their readers find them in the portal, those posted before `read_before` as read. What has no reader
    with an account, or no text yet, lapses.
    """
    waiting = Message.objects.filter(state=MessageState.WAITING, created_at__lt=posted_before)
    kept = waiting.filter(reader__isnull=False).exclude(subject="").update(state=MessageState.PORTAL)
    shown = Message.objects.filter(state=MessageState.PORTAL, read_at__isnull=True)
    shown.filter(created_at__lt=read_before).update(read_at=F("created_at"))
    return kept + waiting.update(state=MessageState.LAPSED)

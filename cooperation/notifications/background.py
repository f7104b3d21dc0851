"""How the outbox stands, for the page of background work."""

from datetime import datetime

from django.db.models import Count, Min, Q
from django.utils.translation import gettext_lazy as _

from cooperation.jobs.registry import Counts, Kind, register_jobs
from cooperation.notifications.models import Message, MessageState

PAGE = "admin:notifications_message_changelist"


def outbox(at: datetime) -> Counts:
    """Due, being sent, given up; since when the oldest that is due waits."""
    due = Q(state=MessageState.WAITING, not_before__lte=at)
    states = [MessageState.WAITING, MessageState.SENDING, MessageState.DEAD]
    found = Message.objects.filter(state__in=states).aggregate(
        waiting=Count("pk", filter=due),
        running=Count("pk", filter=Q(state=MessageState.SENDING)),
        failed=Count("pk", filter=Q(state=MessageState.DEAD)),
        oldest=Min("not_before", filter=due),
    )
    return Counts(**found)


def doubtful(at: datetime) -> Counts:
    """What may or may not have left: somebody decides whether it is sent again."""
    return Counts(failed=Message.objects.filter(state=MessageState.UNCERTAIN).count())


def register() -> None:
    """Called once, when the applications are ready."""
    remedy = _("See why each could not be sent; mend the address or the mail server, then send it again.")
    register_jobs("mail", Kind(_("Mail"), outbox, PAGE, f"state__exact={MessageState.DEAD}", remedy))
    remedy = _("The mail server may have these. Ask it, or the reader, before you send one again.")
    query = f"state__exact={MessageState.UNCERTAIN}"
    register_jobs("mail in doubt", Kind(_("Mail in doubt"), doubtful, PAGE, query, remedy))

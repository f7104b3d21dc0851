"""The invitation to a team, by mail."""

from datetime import datetime

from django.utils.translation import override

from calls.models import TeamMember
from calls.queries.receipts import deadline_clocks
from cooperation.accounts.models import User
from cooperation.notifications.operations import post


def post_invitation(member: TeamMember, token: str, *, at: datetime) -> None:
    """Who invites to what, until when, with the link; in the language of who is invited if known, else
    of who invites."""
    known = User.objects.filter(email__iexact=member.email, is_active=True).first()
    language = (known or member.invited_by).language
    application = member.application
    with override(language):
        times = deadline_clocks(application, known or member.invited_by)
    post(
        key=f"team_invitation:{member.pk}",
        kind="team_invitation",
        reader=known,
        recipient=member.email,
        language=language,
        template="calls/mail/team_invitation.txt",
        context={
            "application": application,
            "call": application.call,
            "member": member,
            "clocks": times,
            "token": token,
        },
        about={"team_member": member.pk},
        at=at,
        expires_at=member.expires_at,
    )

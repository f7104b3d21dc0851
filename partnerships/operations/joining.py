"""Members come and go: asked and joined by their own people, left with a reason, replaced, handed over."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cooperation.accounts.access import require
from cooperation.accounts.models import User
from cooperation.notifications.operations import post_all
from partnerships.access import answers_for, require_coordinator, require_seat
from partnerships.models import City, JoiningRequest, Member, Organisation, Partnership
from partnerships.models.joining import JoiningAnswer
from partnerships.models.partnership import MemberRole
from partnerships.operations.partnership_mail import letters_to, people_of, post_to_members
from partnerships.operations.refusals import NotPossible
from partnerships.operations.stages import lock, require_live

MOST_ASKED = 20  # requests that wait at the same time


@transaction.atomic
def ask_to_join(
    *,
    partnership: Partnership,
    asked: City | Organisation,
    role: MemberRole,
    by: User,
    at: datetime,
    replaces: Member | None = None,
    message: str = "",
) -> JoiningRequest:
    """Ask a city or an organisation to join, or to take the place of a member that left.

    Its people are told by mail and answer. Raises NotAllowed, NotPossible.
    """
    current = lock(partnership)
    require_coordinator(by, current)
    require_live(current)
    city, organisation = (asked, None) if isinstance(asked, City) else (None, asked)
    _require_new(current, city, organisation)
    if role == MemberRole.COORDINATOR:
        raise NotPossible(_("A new member joins in another role. Hand the coordination over afterwards."))
    left = current.members.filter(left_on__isnull=False)
    if replaces and not left.filter(pk=replaces.pk).exists():
        raise NotPossible(_("Only a member that left can be replaced. Let it leave first."))
    request = JoiningRequest.objects.create(
        partnership=current, city=city, organisation=organisation, role=role, replaces=replaces,
        message=message, asked_at=at, asked_by=by,
    )  # fmt: skip
    readers = people_of([city] if city else [], [organisation] if organisation else [])
    about = {"request": request.pk}
    post_all(letters_to(readers, current, "joining", str(request.pk), {"request": request}, about), at=at)
    return request


def _require_new(partnership: Partnership, city: City | None, organisation: Organisation | None) -> None:
    asked = {"city": city, "organisation": organisation}
    if partnership.members.present().filter(**{key: row for key, row in asked.items() if row}).exists():
        raise NotPossible(_("%(name)s is a member already.") % {"name": city or organisation})
    waiting = partnership.joining_requests.filter(answer="")
    if waiting.filter(**asked).exists():
        raise NotPossible(
            _("%(name)s is asked already and has not answered.") % {"name": city or organisation}
        )
    if waiting.count() >= MOST_ASKED:
        raise NotPossible(
            _("%(count)s requests wait for an answer. Take one back first.") % {"count": MOST_ASKED}
        )


@transaction.atomic
def take_back_request(*, request: JoiningRequest, by: User, at: datetime) -> JoiningRequest:
    """Take a request back before it is answered. Raises NotAllowed, NotPossible."""
    partnership = lock(request.partnership)
    require_coordinator(by, partnership)
    return _answered(request, JoiningAnswer.TAKEN_BACK, by, at)


@transaction.atomic
def join(*, request: JoiningRequest, by: User, at: datetime) -> Member:
    """Accept for the city or the organisation that was asked; it is a member from today.

    Raises NotAllowed, NotPossible.
    """
    partnership = lock(request.partnership)
    require(answers_for(by, request), _("Only officers and approvers of who was asked can answer."))
    require_live(partnership)
    answered = _answered(request, JoiningAnswer.JOINED, by, at)
    member = Member.objects.create(
        partnership=partnership,
        city=answered.city,
        organisation=answered.organisation,
        role=answered.role,
        replaces=answered.replaces,
        joined_on=at.date(),
        position=partnership.members.count(),
    )
    others = partnership.members.present().exclude(pk=member.pk)
    about = {"member": member, "joined": True}
    post_to_members(
        partnership, kind="members", cause=f"in-{member.pk}", context=about, members=others, at=at
    )
    return member


@transaction.atomic
def decline_to_join(*, request: JoiningRequest, reason: str, by: User, at: datetime) -> JoiningRequest:
    """Say no for who was asked; the reason may stay empty. Raises NotAllowed, NotPossible."""
    lock(request.partnership)
    require(answers_for(by, request), _("Only officers and approvers of who was asked can answer."))
    return _answered(request, JoiningAnswer.DECLINED, by, at, reason)


def _answered(
    request: JoiningRequest, answer: JoiningAnswer, by: User, at: datetime, reason: str = ""
) -> JoiningRequest:
    current = JoiningRequest.objects.select_related("city", "organisation", "replaces").get(pk=request.pk)
    if current.answer:
        raise NotPossible(
            _("This request is answered already: %(answer)s.") % {"answer": current.get_answer_display()}
        )
    current.answer, current.reason = answer, reason
    current.answered_at, current.answered_by = at, by
    current.save(update_fields=["answer", "reason", "answered_at", "answered_by"])
    return current


@transaction.atomic
def leave(*, member: Member, reason: str, on: date, by: User, at: datetime) -> Member:
    """Leave a partnership on a day, for a reason; both stay on its page. Raises NotAllowed, NotPossible."""
    partnership = lock(member.partnership)
    seats = {seat.pk: seat for seat in require_seat(by, partnership)}
    require(
        member.pk in seats, _("Only officers and approvers of %(name)s can do this.") % {"name": member.name}
    )
    require_live(partnership)
    leaving = seats[member.pk]
    if not reason.strip():
        raise NotPossible(_("Say why. The members and the public record keep the reason."))
    if on > at.date() or on < (leaving.joined_on or date.min):
        raise NotPossible(_("Give the day of leaving: today or a day before, since joining."))
    staying = partnership.members.present().exclude(pk=member.pk)
    if staying.count() < 2:
        raise NotPossible(_("Fewer than two members would stay. End the partnership instead."))
    if leaving.role == MemberRole.COORDINATOR:
        raise NotPossible(
            _("%(name)s coordinates. Hand the coordination over first.") % {"name": leaving.name}
        )
    leaving.left_on, leaving.left_reason = on, reason.strip()
    leaving.save(update_fields=["left_on", "left_reason"])
    about = {"member": leaving, "joined": False}
    post_to_members(
        partnership, kind="members", cause=f"out-{leaving.pk}", context=about, members=staying, at=at
    )
    return leaving


@transaction.atomic
def hand_over(*, partnership: Partnership, to: Member, by: User, at: datetime) -> Member:
    """Let another member coordinate; who coordinated so far is a partner. Raises NotAllowed, NotPossible."""
    current = lock(partnership)
    require_coordinator(by, current)
    require_live(current)
    heir = current.members.present().filter(pk=to.pk).first()
    if heir is None:
        raise NotPossible(_("Choose a member that takes part today."))
    if heir.role == MemberRole.COORDINATOR:
        return heir
    for former in current.members.present().filter(role=MemberRole.COORDINATOR):
        former.role = MemberRole.PARTNER
        former.save(update_fields=["role"])
    heir.role = MemberRole.COORDINATOR
    heir.save(update_fields=["role"])
    return heir

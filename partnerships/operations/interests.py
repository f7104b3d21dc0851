"""Expressions of interest: sent, answered, taken back. Contact data are told once interest is mutual."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from cooperation.accounts.models import User
from cooperation.notifications.operations import Letter, post_all
from partnerships.access import require_writer_for
from partnerships.models import Idea, Interest, Membership, Organisation
from partnerships.models.organisation import WRITERS
from partnerships.operations.refusals import NotPossible


@transaction.atomic
def express_interest(
    *, idea: Idea, organisation: Organisation, message: str, by: User, at: datetime
) -> Interest:
    """Tell an idea's city that another one would join. Its people are mailed, without contact data.

    Raises NotAllowed; NotPossible where the idea seeks nobody, is one's own, or was answered to before.
    """
    require_writer_for(by, organisation)
    current = Idea.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=idea.pk)
    if not current.is_seeking(at.date()):
        raise NotPossible(_("This idea seeks nobody any more."))
    if organisation.city_id is None or organisation.city_id == current.organisation.city_id:
        raise NotPossible(_("Choose an organisation of another city than the idea’s."))
    interest = Interest(
        idea=current, organisation=organisation, message=message, expressed_at=at, expressed_by=by
    )
    try:
        with transaction.atomic():
            interest.save()
    except IntegrityError as clash:
        raise NotPossible(
            _("%(name)s has told its interest already. The answer comes by mail.") % {"name": organisation}
        ) from clash
    post_all(_letters(interest, "interest_expressed", current.organisation), at=at)
    return interest


@transaction.atomic
def answer_interest(*, interest: Interest, mutual: bool, answer: str, by: User, at: datetime) -> Interest:
    """Say whether the interest is mutual. If it is, both sides get each other's names and addresses."""
    current = _locked(interest)
    require_writer_for(by, current.idea.organisation)
    if current.withdrawn_at:
        raise NotPossible(_("%(name)s took its interest back.") % {"name": current.organisation})
    if current.answered_at:
        raise NotPossible(_("This interest is answered already."))
    current.mutual, current.answer, current.answered_at, current.answered_by = mutual, answer, at, by
    current.save(update_fields=["mutual", "answer", "answered_at", "answered_by"])
    kind = "interest_mutual" if mutual else "interest_declined"
    post_all(_letters(current, kind, current.organisation), at=at)
    if mutual:
        post_all(_letters(current, kind, current.idea.organisation), at=at)
    return current


@transaction.atomic
def withdraw_interest(*, interest: Interest, by: User, at: datetime) -> Interest:
    """Take an interest back that nobody has answered."""
    current = _locked(interest)
    require_writer_for(by, current.organisation)
    if current.withdrawn_at or current.answered_at:
        raise NotPossible(_("This interest is answered already, or taken back."))
    current.withdrawn_at = at
    current.save(update_fields=["withdrawn_at"])
    return current


def _locked(interest: Interest) -> Interest:
    rows = Interest.objects.select_for_update(of=("self",))
    return rows.select_related(
        "idea__organisation__city", "organisation__city", "expressed_by", "idea__published_by"
    ).get(pk=interest.pk)


def _letters(interest: Interest, kind: str, readers_of: Organisation) -> Iterator[Letter]:
    """One for each person who writes for an organisation; once for each interest and kind."""
    context: dict[str, Any] = {"interest": interest, "idea": interest.idea, "reads": readers_of}
    for reader in writers_of(readers_of):
        yield Letter(
            key=f"{kind}:{interest.pk}:{reader.pk}",
            kind=kind,
            reader=reader,
            recipient=reader.email,
            language=reader.language,
            template=f"partnerships/mail/{kind}.txt",
            context={**context, "reader": reader},
            about={"interest": interest.pk},
        )


def writers_of(organisation: Organisation) -> list[User]:
    """Who acts in an organisation's name: its verified officers and approvers."""
    members = Membership.objects.verified().filter(organisation=organisation, role__in=WRITERS)
    return list(User.objects.filter(pk__in=members.values("user"), is_active=True).order_by("pk"))

"""The agreement: drafted by one side, signed by all, in force when the last one signed exactly that text."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cooperation.accounts.access import NotAllowed, require
from cooperation.accounts.models import User
from cooperation.documents import Clean
from cooperation.web.files import discard, keep
from partnerships.access import require_seat
from partnerships.models import AgreementVersion, Member, Membership, Partnership, Signature
from partnerships.models.organisation import WRITERS
from partnerships.models.partnership import Stage
from partnerships.operations.papers import Upload, inspected, new_paper
from partnerships.operations.partnership_mail import post_to_members
from partnerships.operations.refusals import ChangedMeanwhile, NotPossible
from partnerships.operations.stages import change_stage, lock, require_live
from partnerships.queries.statement import canonical, names_parties, parties_of, sha256_of, statement_of


@dataclass(frozen=True)
class Draft:
    """A version as it is written: a text, a file, or both; `note` says what is new."""

    text: str = ""
    renewal_on: date | None = None
    note: str = ""


@dataclass(frozen=True)
class Signing:
    """Who signs: the name and function as they stand under the text."""

    signatory: str
    function: str


def draft(
    *,
    partnership: Partnership,
    words: Draft,
    seen: int,
    by: User,
    at: datetime,
    upload: Upload | None = None,
) -> AgreementVersion:
    """Write the next version; signing begins anew, and the other members are told.

    `seen` is the number of the version it was written from, 0 for none. Raises NotAllowed, NotPossible,
    Refused or NotKept for the file, ChangedMeanwhile when another version was drafted since.
    """
    require_seat(by, partnership)
    clean = inspected(upload) if upload else None
    path = keep(clean.data) if clean else ""
    try:
        return _write_down(partnership, words, clean, path, seen, by, at)
    except (NotAllowed, NotPossible, ChangedMeanwhile):
        if path:
            discard(path)
        raise


@transaction.atomic
def _write_down(
    partnership: Partnership, words: Draft, clean: Clean | None, path: str, seen: int, by: User, at: datetime
) -> AgreementVersion:
    current = lock(partnership)
    seats = require_seat(by, current)
    require_live(current)
    newest = current.agreement_versions.first()
    number = newest.number if newest else 0
    if number != seen:
        raise ChangedMeanwhile(_("Another version was drafted while you were writing."), newest)
    if not words.text.strip() and clean is None:
        raise NotPossible(_("Write the text, or attach the file."))
    file = None
    if clean:
        file = new_paper(
            current, _("Agreement, version %(number)s") % {"number": number + 1}, clean, path, by, at
        )
        file.of_agreement, file.number = True, number + 1
        file.save()
    text = canonical(
        statement_of(
            current,
            number=number + 1,
            text=words.text,
            file_sha256=file.sha256 if file else "",
            renewal_on=words.renewal_on,
            parties=parties_of(current),
        )
    )
    version = AgreementVersion.objects.create(
        partnership=current,
        number=number + 1,
        text=words.text,
        file=file,
        renewal_on=words.renewal_on,
        note=words.note,
        statement=text,
        sha256=sha256_of(text),
        drafted_at=at,
        drafted_by=by,
        drafted_for=seats[0],
    )
    about = {"version": version, "drafted_for": seats[0]}
    post_to_members(current, kind="draft", cause=str(version.pk), context=about, at=at)
    return version


@transaction.atomic
def sign(
    *, version: AgreementVersion, member: Member, signing: Signing, seen: str, by: User, at: datetime
) -> Signature:
    """Sign the newest version for a member; `seen` is the hash of the text that was shown.

    Signing twice changes nothing. When the last member has signed, the agreement is in force: signed
    today, and talks or a proposal are agreed. Raises NotAllowed, NotPossible.
    """
    partnership = lock(version.partnership)
    seat = next((row for row in require_seat(by, partnership) if row.pk == member.pk), None)
    require(
        seat is not None,
        _("Only officers and approvers of %(name)s can sign for it.") % {"name": member.name},
    )
    require_live(partnership)
    newest = partnership.agreement_versions.first()
    if newest is None or newest.pk != version.pk or newest.sha256 != seen:
        raise NotPossible(
            _("Another version was drafted while you were reading. Nothing was signed. Read the new one.")
        )
    if known := newest.signatures.filter(member=member).first():
        return known
    parties = parties_of(partnership)
    if seat not in parties:
        raise NotPossible(_("%(name)s takes part without signing.") % {"name": member.name})
    if not names_parties(newest, parties):
        raise NotPossible(
            _("The members changed since this version was drafted. Draft it anew between those of today.")
        )
    signature = Signature.objects.create(
        version=newest,
        member=member,
        sha256=newest.sha256,
        signatory=signing.signatory,
        function=signing.function,
        role=_role(by, member),
        by=by,
        at=at,
    )
    if newest.signatures.count() == len(parties):
        _bring_into_force(partnership, newest, by, at)
    return signature


def _role(by: User, member: Member) -> str:
    """The person's role in the organisation that stands for the member."""
    mine = Membership.objects.verified().filter(user=by, role__in=WRITERS)
    place = (
        {"organisation__city": member.city_id} if member.city_id else {"organisation": member.organisation_id}
    )
    # "approver" comes before "officer"
    return mine.filter(**place).order_by("role").values_list("role", flat=True)[0]


def _bring_into_force(partnership: Partnership, version: AgreementVersion, by: User, at: datetime) -> None:
    version.in_force_at = at
    version.save(update_fields=["in_force_at"])
    partnership.signed_on, partnership.renewal_on = at.date(), version.renewal_on
    if partnership.stage in (Stage.TALKS, Stage.PROPOSED, Stage.RECORDED):
        partnership.start_year = partnership.start_year or at.year
        fields = ("signed_on", "renewal_on", "start_year")
        change_stage(partnership, Stage.AGREED, "sign", by=by, at=at, fields=fields)
        return
    partnership.save(update_fields=["signed_on", "renewal_on"])
    about = {"version": version}
    post_to_members(partnership, kind="agreed", cause=f"version-{version.pk}", context=about, at=at)

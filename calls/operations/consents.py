"""Asking partner cities, and taking their answers: each is bound to the hash of exactly the text shown."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from calls.models import Application, ApplicationPartner, Consent, Document, PartnerInvitation
from calls.models.consent import ConsentAnswer
from calls.operations.applications import lock_editable, touch
from calls.operations.consent_mail import post_answer, post_request
from calls.operations.documents import Signature, Upload, inspect_letter, keep_letter
from calls.operations.status import NotPossible, lock
from calls.queries.statement import canonical, sha256_of, statement_of
from calls.secret_links import hash_of, new_token
from cooperation.accounts.models import User
from cooperation.documents import Clean
from cooperation.web.transactions import atomic_again
from partnerships.models import City
from partnerships.operations.stating import NewCity, state_city

# A mistake or a bored person must not turn the portal into a machine that writes to strangers.
MOST_A_DAY = 60
PAUSE = timedelta(minutes=1)


class TextChanged(NotPossible):
    """What was shown is no longer the text; nothing was recorded."""


class UnknownLink(Exception):
    """No invitation has this token."""


@dataclass(frozen=True)
class Contact:
    """Whom to ask: an address, the language to write in, a name and words of one's own."""

    email: str
    language: str = "en"
    name: str = ""
    message: str = ""


@dataclass(frozen=True)
class Reply:
    """What a partner answers, and who signs it. `note` is the reason or the proposed change."""

    answer: ConsentAnswer
    signatory: str
    function: str
    note: str = ""


@atomic_again
def invite_partner(
    *, application: Application, city: City | None, contact: Contact, by: User, at: datetime
) -> tuple[PartnerInvitation, str]:
    """Ask a partner for its consent, or ask again; return the invitation and its secret token.

    Without a city the reader of the link says which city it is. A link sent to the same address before
    stays good; one sent to another address for this city is taken back. Raises NotAllowed, NotPossible.
    """
    current = lock_editable(application, by=by, at=at)
    if city and not current.partners.filter(city=city).exists():
        raise NotPossible(_("%(city)s is not a partner. Add it first.") % {"city": city})
    email = contact.email.strip().lower()
    _require_pause(current, city, email, at)
    live = current.invitations.filter(city=city, revoked_at__isnull=True)
    if city:
        live.exclude(email=email).update(revoked_at=at)
    else:
        live.filter(email=email).update(revoked_at=at)
    token = new_token()
    invitation = PartnerInvitation.objects.create(
        application=current,
        city=city,
        email=email,
        name=contact.name,
        language=contact.language,
        message=contact.message,
        token_hash=hash_of(token),
        sent_at=at,
        sent_by=by,
    )
    post_request(invitation, token, at=at)
    return invitation, token


def _require_pause(application: Application, city: City | None, email: str, at: datetime) -> None:
    sent = application.invitations.filter(sent_at__gt=at - timedelta(days=1))
    if sent.filter(city=city, email=email, sent_at__gt=at - PAUSE, revoked_at__isnull=True).exists():
        raise NotPossible(
            _("%(email)s was asked less than a minute ago. One mail is on its way.") % {"email": email}
        )
    if sent.count() >= MOST_A_DAY:
        raise NotPossible(
            _("%(count)s requests were sent for this application today, the limit. Ask again tomorrow.")
            % {"count": MOST_A_DAY}
        )


@atomic_again
def take_back(*, invitation: PartnerInvitation, by: User, at: datetime) -> None:
    """Make a link useless. What was answered through it stays. Raises NotAllowed, NotPossible."""
    current = lock_editable(invitation.application, by=by, at=at)
    current.invitations.filter(pk=invitation.pk, revoked_at__isnull=True).update(revoked_at=at)


@transaction.atomic
def name_city(
    *, token: str, choice: City | NewCity, kind: str, at: datetime
) -> tuple[PartnerInvitation, City]:
    """The reader of an open link says which city it is; that city joins the partners.

    `kind` is the kind of organisation that takes part. Raises UnknownLink, NotPossible.
    """
    invitation, current = _locked(token, at)
    if invitation.city:
        raise NotPossible(_("This link is for %(city)s already.") % {"city": invitation.city})
    city = choice if isinstance(choice, City) else state_city(new=choice)
    if current.lead.city_id == city.pk:
        raise NotPossible(_("%(city)s leads this application and cannot be its partner.") % {"city": city})
    asked = current.invitations.filter(city=city, revoked_at__isnull=True)
    if asked.exclude(email=invitation.email).exists():
        raise NotPossible(
            _("%(city)s was asked at another address. Write to %(lead)s if you answer for it.")
            % {"city": city, "lead": current.lead}
        )
    ApplicationPartner.objects.get_or_create(
        application=current, city=city, defaults={"position": current.partners.count(), "kind": kind}
    )
    invitation.city = city
    invitation.save(update_fields=["city"])
    # nobody with an account did it: the change is written down for who sent the link
    touch(current, invitation.sent_by, at)
    return invitation, city


def answer(*, token: str, reply: Reply, seen: str, letter: Upload | None = None, at: datetime) -> Consent:
    """Record a partner's answer to exactly the text whose hash is `seen`, and mail it to both sides.

    Rows are only added: a later answer stands beside the earlier one, and the newest counts. The same
    answer sent twice is one. Raises UnknownLink, NotPossible, TextChanged when the text is another now, and
    cooperation.documents.Refused or NotKept for the letter; then nothing is recorded.
    """
    if not PartnerInvitation.objects.filter(token_hash=hash_of(token)).exists():
        raise UnknownLink
    # looked into before anything is locked: the application's writers do not wait for it
    return _record(token, reply, seen, inspect_letter(letter) if letter else None, at)


@atomic_again
def _record(token: str, reply: Reply, seen: str, letter: Clean | None, at: datetime) -> Consent:
    invitation, current = _locked(token, at)
    if invitation.city is None:
        raise NotPossible(_("Say first which city you answer for."))
    if not current.partners.filter(city=invitation.city).exists():
        raise NotPossible(_("%(city)s takes no part in this application.") % {"city": invitation.city})
    text = canonical(statement_of(current))
    now = sha256_of(text)
    if seen != now:
        raise TextChanged(
            _(
                "The text changed while you were reading. Nothing was recorded. Read what changed "
                "and answer again."
            )
        )
    if known := _given_before(current, invitation, reply, now, letter):
        return known
    consent = Consent.objects.create(
        application=current,
        city=invitation.city,
        invitation=invitation,
        answer=reply.answer,
        text=text,
        sha256=now,
        signatory=reply.signatory,
        function=reply.function,
        note=reply.note,
        at=at,
        letter=_kept(letter, current, invitation.city, reply, at),
    )
    post_answer(consent, token, at=at)
    return consent


def _kept(
    letter: Clean | None, application: Application, city: City, reply: Reply, at: datetime
) -> Document | None:
    if letter is None:
        return None
    signature = Signature(reply.signatory, reply.function)
    return keep_letter(application=application, city=city, clean=letter, signature=signature, at=at)


def _given_before(
    application: Application,
    invitation: PartnerInvitation,
    reply: Reply,
    now: str,
    letter: Clean | None,
) -> Consent | None:
    """The city's newest answer, if it is this very one: a second click is no second answer."""
    rows = application.consents.filter(city=invitation.city).select_related("letter")
    newest = rows.order_by("-at", "-id").first()
    if newest is None:
        return None
    said = (newest.answer, newest.signatory, newest.function, newest.note, newest.sha256)
    same = said == (reply.answer, reply.signatory, reply.function, reply.note, now)
    return newest if same and (letter is None or _is_kept(letter, newest)) else None


def _is_kept(letter: Clean, consent: Consent) -> bool:
    return consent.letter is not None and consent.letter.sha256 == letter.sha256


def _locked(token: str, at: datetime) -> tuple[PartnerInvitation, Application]:
    """The invitation and its application, locked, while an answer can be given."""
    found = PartnerInvitation.objects.filter(token_hash=hash_of(token)).first()
    if found is None:
        raise UnknownLink
    current = lock(found.application)
    # what the lock made us wait for may have taken the link back
    invitation = PartnerInvitation.objects.select_related("city", "sent_by").get(pk=found.pk)
    invitation.application = current
    if invitation.revoked_at:
        raise NotPossible(
            _("%(lead)s took this link back. Look for a newer mail, or write to %(lead)s.")
            % {"lead": current.lead}
        )
    if not current.is_editable_status:
        raise NotPossible(
            _("%(reference)s is “%(status)s”: nothing is asked of you any more.")
            % {"reference": current.reference, "status": current.get_status_display()}
        )
    if not current.is_open(at):
        raise NotPossible(
            _("The call closed before your answer arrived. Write to %(lead)s.") % {"lead": current.lead}
        )
    return invitation, current

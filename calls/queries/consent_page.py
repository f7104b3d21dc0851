"""What a partner city sees behind its link: what is asked, exactly which text, and what it said before."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.core import signing

from calls.models import Application, Consent, PartnerInvitation, Section
from calls.models.consent import ConsentAnswer
from calls.queries.answers import sections_of
from calls.queries.consent_changes import (
    Change,
    changes_between,
    named_in,
    questions_of,
    word_answer,
    word_parties,
)
from calls.queries.deadlines import UTC, Place, clocks
from calls.queries.eligibility_wording import Vocabulary
from calls.queries.statement import canonical, sha256_of, statement_of
from calls.queries.submitted import LONG, Answered, AnsweredSection
from calls.queries.tables import table_of
from calls.secret_links import hash_of

SALT = "calls.consent.shown"


@dataclass(frozen=True)
class Agreement:
    """The text that consent is asked for, in the reader's words, with its hash."""

    text: str
    sha256: str
    parties: str
    sections: list[AnsweredSection]

    @property
    def sealed(self) -> str:
        """The text as the page carries it along, so that a later answer can say what changed since."""
        return signing.dumps(self.text, salt=SALT, compress=True)


@dataclass(frozen=True)
class ConsentPage:
    """Everything one city's page shows. `state` is that of a Standing; `changes` since what it agreed to."""

    invitation: PartnerInvitation
    agreement: Agreement
    answers: Sequence[Consent]
    changes: list[Change]
    state: str
    clocks: list[Place]

    @property
    def newest(self) -> Consent | None:
        return self.answers[-1] if self.answers else None


def invitation_of(token: str) -> PartnerInvitation | None:
    """The invitation that a secret address belongs to, with what its page shows."""
    rows = PartnerInvitation.objects.filter(token_hash=hash_of(token)).select_related(
        "city", "sent_by", "application__call__programme", "application__lead__city"
    )
    return rows.prefetch_related("application__call__texts", "application__partners__city").first()


def consent_page(invitation: PartnerInvitation, *, seen: str = "") -> ConsentPage:
    """The page of an invitation. `seen` is a sealed text: changes are then counted from that one."""
    application = invitation.application
    sections, names = sections_of(application), Vocabulary.current()
    agreement = _agreement(application, sections, names)
    answers = _answers_of(invitation)
    state = _state(answers, agreement.sha256)
    before = unsealed(seen) or (answers[-1].text if state == "reopened" else "")
    questions = questions_of(application, sections)
    changes = (
        changes_between(json.loads(before), json.loads(agreement.text), questions, names.themes)
        if before
        else []
    )
    return ConsentPage(invitation, agreement, answers, changes, state, deadline_of(invitation))


def text_with(invitation: PartnerInvitation, sha256: str) -> str | None:
    """The exact bytes with a hash, if they are the text as it is now or one that this city answered."""
    text = canonical(statement_of(invitation.application))
    if sha256_of(text) == sha256:
        return text
    return next((row.text for row in _answers_of(invitation) if row.sha256 == sha256), None)


def unsealed(seen: str) -> str:
    """The text that a page carried along; empty when it is none of ours."""
    try:
        return str(signing.loads(seen, salt=SALT))
    except signing.BadSignature:
        return ""


def deadline_of(invitation: PartnerInvitation) -> list[Place]:
    """The deadline on the call's clock, the partner's and UTC; empty without one."""
    closes_at, city = invitation.application.closes_at, invitation.city
    own = [(city.time_zone, city.name)] if city else []
    zones = [(invitation.application.call.zone, ""), *own, (UTC, "")]
    return clocks(closes_at, zones) if closes_at else []


def replaced_by(invitation: PartnerInvitation) -> datetime | None:
    """When a newer link went to the same address; None when there is none."""
    rows = PartnerInvitation.objects.filter(
        application=invitation.application, email=invitation.email, revoked_at__isnull=True
    )
    return rows.filter(sent_at__gte=invitation.sent_at).values_list("sent_at", flat=True).last()


def _agreement(application: Application, sections: Sequence[Section], names: Vocabulary) -> Agreement:
    statement = statement_of(application, sections)
    text = canonical(statement)
    questions, titles = questions_of(application, sections), {row.key: str(row) for row in sections}

    def answered(row: Mapping[str, Any]) -> Answered:
        question, parties = questions[row["question"]], named_in(statement)
        words = word_answer(row, questions, names.themes, parties)
        table = table_of(question, row["answer"], parties)
        return Answered(question.label, words, long=len(words) > LONG, table=table)

    groups = groupby(statement["answers"], key=lambda row: row["section"])
    found = [AnsweredSection(key, titles[key], [answered(row) for row in rows]) for key, rows in groups]
    return Agreement(text, sha256_of(text), word_parties(statement), found)


def _answers_of(invitation: PartnerInvitation) -> Sequence[Consent]:
    """What the invitation's city answered, through whichever link, oldest first."""
    if invitation.city is None:
        return []
    rows = invitation.application.consents.filter(city=invitation.city)
    return list(rows.select_related("letter", "invitation").order_by("at", "id"))


def _state(answers: Sequence[Consent], now: str) -> str:
    if not answers:
        return "invited"
    newest = answers[-1]
    if newest.answer == ConsentAnswer.AGREED:
        return "agreed" if newest.sha256 == now else "reopened"
    return str(newest.answer)

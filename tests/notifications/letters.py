"""Every template of mail with the words it may hold, and nothing stored: each text comes from one function.

A case is (template, context). What people typed, or could have, is `say(...)`: nice words for reading,
hostile ones for proving that nothing typed passes for ours. Ids, references, days and clocks are the
portal's own.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

from django.utils.translation import gettext as _

from calls.models.decision import Outcome
from calls.queries.amendments import Move
from calls.queries.deadlines import clocks
from calls.queries.receipts import moments

Say = Callable[[str], str]
Case = tuple[str, dict[str, Any]]
AT = datetime(2027, 2, 1, 22, 59, 59, tzinfo=UTC)
ZONES = [("Europe/Stockholm", ""), ("Africa/Gaborone", "Gaborone"), ("UTC", "")]
SHA = "0123456789abcdef" * 4
REFERENCE = "ICLD-2027-0007"


class Thing(SimpleNamespace):
    """A row as templates see it: attributes, an address, and its name as text."""

    def __str__(self) -> str:
        return str(self.named)

    def get_absolute_url(self) -> str:
        return self.url


def cases(say: Say) -> Iterator[Case]:
    """Every template in every form it takes, in the active language."""
    world = _world(say)
    for part in (
        _applying,
        _consenting,
        _deciding,
        _complaining,
        _reviewing,
        _pairing,
        _cities,
        _partnerships,
    ):
        for template, context in part(say, world):
            yield template, {**world, **context}


def _world(say: Say) -> dict[str, Any]:
    programme = Thing(organiser=say("ICLD"), website="https://icld.example.org/")
    call = Thing(
        pk=3, slug="icld-2027", title=say("Municipal partnership"), zone="Europe/Stockholm",
        programme=programme, url="/calls/icld-2027/", complaint_days=10, review_due_at=AT,
    )  # fmt: skip
    lead = Thing(named=say("Ale municipality"), city=Thing(named=say("Ale")))
    application = Thing(
        pk=7, reference=REFERENCE, lead=lead, title=say("Water for two cities"),
        url=f"/applications/{REFERENCE}/", status="draft", closes_at=AT, extended_to=None, call=call,
    )  # fmt: skip
    return {"application": application, "call": call, "clocks": _clocks(say), "others": say("Gaborone")}


def _clocks(say: Say) -> list[SimpleNamespace]:
    first, second, last = clocks(AT, ZONES)
    return [first, SimpleNamespace(name=say(second.name), moment=second.moment), last]


def _person(say: Say, name: str = "Karin Lindqvist") -> Thing:
    return Thing(named=say(name), email="karin@example.org")


def _applying(say: Say, world: dict[str, Any]) -> Iterator[Case]:
    application, call = world["application"], world["call"]
    submitted = Thing(**{**vars(application), "status": "submitted"})
    snapshot = Thing(number=2, submitted_by=_person(say), sha256=SHA)
    received = moments(AT, ZONES)
    yield "calls/mail/draft_started.txt", {}
    yield "calls/mail/draft_started.txt", {"clocks": []}
    cut_off = SimpleNamespace(at=AT, labels={"en": say("Second round")})
    yield "calls/mail/receipt.txt", {"snapshot": snapshot, "received": received, "cut_off": cut_off}
    invitation = Thing(city=say("Gaborone"))
    yield (
        "calls/mail/partner_receipt.txt",
        {"snapshot": snapshot, "received": received, "invitation": invitation},
    )
    for role in ("viewer", "editor", "submitter"):
        member = Thing(invited_by=_person(say), email="new@example.org", role=role, expires_at=AT)
        yield "calls/mail/team_invitation.txt", {"member": member, "token": "abc"}
    for days, problems in ((7, 3), (1, 0)):
        yield "calls/mail/reminder.txt", {"days": days, "problems": problems}
    line = Thing(
        application=application, partners=[say("Gaborone")], papers=[say("Letter of intent")], problems=2
    )
    done = Thing(application=application, partners=[], papers=[say("Budget")], problems=0)
    missing = {"lines": [line, done], "count": 3, "days": 7, "due": AT, "due_clocks": _clocks(say)}
    for kind in ("missing_reminder", "document_due", "reminder_many"):
        yield f"calls/mail/{kind}.txt", missing
    document = Thing(name=say("letter.pdf"), finding=say("Eicar-Test-Signature"))
    yield "calls/mail/document_infected.txt", {"document": document}
    correction = Thing(due_at=AT, note=say("Look at the budget.\n\nAnd at the partners."))
    asked = {"correction": correction, "sentences": [say("Budget: too high")], "due_clocks": _clocks(say)}
    yield "calls/mail/correction.txt", asked
    yield "calls/mail/correction_reminder.txt", asked
    yield "calls/mail/correction_closed.txt", {"correction": correction}
    extension = Thing(closes_to=AT, due_to=AT, reason=say("The storm."))
    for about in (application, submitted):
        yield "calls/mail/extension.txt", {"application": about, "extension": extension}
    yield "calls/mail/answer_extended.txt", {"extension": extension, "due": _clocks(say)}
    move = Move(_("Deadline"), clocks(AT, ZONES), clocks(AT, ZONES))
    for about, version in ((application, Thing()), (submitted, None)):
        amendment = Thing(named=say("The form was unclear."), number=2, published_on=AT, form_version=version)
        amended = {"application": about, "amendment": amendment, "changes": [move], "open": True}
        yield "calls/mail/amendment.txt", amended
    amendment = Thing(named=say("The funds are gone.\nWe regret it."), number=3, published_on=AT)
    cancelled = Thing(**{**vars(call), "cancelled_at": AT})
    for part in ("applicant", "reviewer", "partner", "watcher"):
        about = {"call": cancelled, "part": part, "amendment": amendment, "applications": [application]}
        yield "calls/mail/call_cancelled.txt", about
    enquiry = Thing(
        number=4, texts={"en": say("Who pays?")}, answers={"en": say("The programme.\nAll of it.")},
        text=say("Who pays?"),
    )  # fmt: skip
    for kind in ("answer", "enquiry_answered", "enquiry_declined"):
        yield f"calls/mail/{kind}.txt", {"enquiry": enquiry, "call": call}


def _consenting(say: Say, world: dict[str, Any]) -> Iterator[Case]:
    for city, changed in ((say("Gaborone"), []), (say("Gaborone"), [say("Budget")]), (None, [])):
        invitation = Thing(city=city, message=say("Hello.\nShall we?"), sent_by=_person(say))
        context = {"invitation": invitation, "changed": changed, "token": "abc"}
        yield "calls/mail/consent_request.txt", context
    for answer in ("agreed", "declined", "change"):
        consent = Thing(
            answer=answer, city=say("Gaborone"), signatory=say("Thabo Molefe"),
            function=say("Town clerk"), note="" if answer == "agreed" else say("Less money."), sha256=SHA,
            letter=Thing(name=say("letter.pdf")),
        )  # fmt: skip
        context = {"consent": consent, "given": moments(AT, ZONES), "token": "abc"}
        yield "calls/mail/consent_answer.txt", context
        yield "calls/mail/consent_copy.txt", context


def _deciding(say: Say, world: dict[str, Any]) -> Iterator[Case]:
    clocks_ = _clocks(say)
    stage = Thing(slug="stage-two", title=say("Second stage"), closes_at=AT)
    forms = [
        (Outcome.SELECTED, {"due": clocks_, "invitation": None}),
        (Outcome.SELECTED, {"due": [], "invitation": stage}),
        (Outcome.SELECTED, {"due": [], "invitation": None}),
        (Outcome.RESERVE, {"due": [], "invitation": None}),
        (Outcome.REJECTED, {"due": [], "invitation": None}),
    ]
    for outcome, more in forms:
        decision = Thing(outcome=outcome, get_outcome_display=outcome.label, reason=say("Strong.\nClear."))
        yield "calls/mail/decision.txt", {
            "decision": decision, "paragraph": say("We thank you."), "invitation_clocks": clocks_,
            "complaints": clocks_, "has_feedback": True, **more,
        }  # fmt: skip
    yield "calls/mail/answer_due.txt", {"due": clocks_}
    decision = Thing(answer_note=say("No money."), acceptance_due_at=AT)
    placed = {"decision": decision, "by": _person(say), "reason": say("No answer came.")}
    for kind in ("place_accepted", "place_declined", "place_lapsed"):
        yield f"calls/mail/{kind}.txt", placed
    yield "calls/mail/place_partner.txt", {"invitation": Thing(city=say("Gaborone"))}


def _complaining(say: Say, world: dict[str, Any]) -> Iterator[Case]:
    for upheld in (True, False):
        complaint = Thing(at=AT, text=say("Wrong.\nLook."), answer=say("We looked."), upheld=upheld)
        yield "calls/mail/complaint_answered.txt", {"complaint": complaint}
    yield "calls/mail/complaint.txt", {"complaint": complaint}
    row = Thing(
        text=Thing(headline=say("Partners"), reason=say("One is missing.")),
        clause=say("Two."),
        source=say("§ 3"),
    )
    for target in ("ineligible", "eligible"):
        change = Thing(target=target, note=say("Too few partners."))
        yield "calls/mail/screening.txt", {"change": change, "unmet": [row] if target == "ineligible" else []}


def _reviewing(say: Say, world: dict[str, Any]) -> Iterator[Case]:
    reviewer = Thing(invited_by=_person(say), maximum_load=5)
    user = _person(say, "Rui Costa")
    yield "calls/mail/reviewer_invitation.txt", {"reviewer": reviewer, "user": user}
    for count in (1, 2):
        context = {"user": user, "applications": [world["application"]] * count, "due_clocks": _clocks(say)}
        yield "calls/mail/assigned.txt", context
        yield "calls/mail/unassigned.txt", context
        yield "calls/mail/review_reminder.txt", context


def _pairing(say: Say, world: dict[str, Any]) -> Iterator[Case]:
    contact = Thing(city=say("Gaborone"), name=say("Thabo Molefe"), email="thabo@example.org")
    place = Thing(
        answer="waiting", application=world["application"], introduction_note=say("Who?"), proposal_id=5
    )
    context = {
        "place": place, "who": say("Gaborone"), "contacts": [contact], "reasons": [say("Both are ports.")],
        "due": _clocks(say), "partnership": Thing(url="/partnerships/ale-gaborone/"), "run": Thing(number=2),
    }  # fmt: skip
    for kind in (
        "proposed", "reminder", "moved", "accepted", "declined", "lapsed", "founded", "introduced", "without",
        "introduction_asked",
    ):  # fmt: skip
        yield f"calls/mail/pairing_{kind}.txt", context
    answered = {**context, "place": Thing(**{**vars(place), "answer": "accepted"})}
    for kind in ("accepted", "lapsed"):
        yield f"calls/mail/pairing_{kind}.txt", answered


def _cities(say: Say, world: dict[str, Any]) -> Iterator[Case]:
    city = Thing(named=say("Ale"), slug="ale")
    commitment = Thing(pk=4, name=say("Covenant of Mayors"))
    for late, lapses_on in ((False, None), (True, date(2027, 6, 1))):
        due = {"city": city, "commitment": commitment, "due_on": date(2027, 2, 1)}
        yield "partnerships/mail/commitment_due.txt", {**due, "late": late, "lapses_on": lapses_on}
    refused = {"city": city, "what": say("Member of Eurocities"), "reason": say("Not in its list.")}
    yield "partnerships/mail/fact_refused.txt", refused
    idea = Thing(city=say("Ale"), title=say("Clean buses"), slug="clean-buses")
    interest = Thing(
        organisation=Thing(named=say("Gaborone City Council"), city=say("Gaborone")), organisation_id=8,
        message=say("We run 40.\nWith diesel."), answer=say("Good."), answered_by=_person(say),
        expressed_by=_person(say, "Thabo Molefe"),
    )  # fmt: skip
    for kind, reads in (("expressed", 1), ("declined", 8), ("mutual", 8), ("mutual", 1)):
        context = {"idea": idea, "interest": interest, "reads": Thing(pk=reads)}
        yield f"partnerships/mail/interest_{kind}.txt", context


def _partnerships(say: Say, world: dict[str, Any]) -> Iterator[Case]:
    day = date(2027, 2, 1)
    partnership = Thing(
        title=say("Ale and Gaborone"), slug="ale-gaborone", signed_on=day, renewal_on=day, stage="completed"
    )
    ended = Thing(**{**vars(partnership), "stage": "ended"})
    change = Thing(by=_person(say), reason=say("The aim is reached."))
    report = Thing(named=say("first report"), pk=6, due_on=day)
    yield "partnerships/mail/agreed.txt", {"partnership": partnership}
    version = Thing(number=2, note=say("New sums."))
    drafted = {"partnership": partnership, "version": version, "drafted_for": Thing(name=say("Ale"))}
    yield "partnerships/mail/draft.txt", drafted
    for about in (partnership, ended):
        yield "partnerships/mail/ended.txt", {"partnership": about, "change": change}
    yield "partnerships/mail/extended.txt", {"partnership": partnership, "change": change}
    request = Thing(named=say("Lund"), pk=2, message=say("Join us."), asked_by=_person(say))
    yield "partnerships/mail/joining.txt", {"partnership": partnership, "request": request}
    member = Thing(name=say("Lund"), left_on=day, left_reason=say("No staff."))
    for joined in (True, False):
        context = {"partnership": partnership, "member": member, "joined": joined}
        yield "partnerships/mail/members.txt", context
    for accepted in (True, False):
        context = {
            "partnership": partnership,
            "report": report,
            "accepted": accepted,
            "reason": say("Add sums."),
        }
        yield "partnerships/mail/report_answered.txt", context
    for days in (14, 1, 0, -3):
        yield "partnerships/mail/report_due.txt", {"partnership": partnership, "report": report, "days": days}

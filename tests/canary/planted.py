"""The world of the authorisation matrix with canaries in it: words and figures that occur nowhere else.

Each is planted where the portal keeps something that not everybody may read; the table says who may.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO

from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone
from PIL import Image

from calls.models import Application, Assignment, CalendarFeed, Call, Review, Reviewer, Side, WebhookEndpoint
from calls.models.decision import Outcome
from calls.models.webhook import WebhookEvent
from calls.operations.applications import save_answers
from calls.operations.assigning import assign, unassign
from calls.operations.calendar_feed import make_calendar_feed
from calls.operations.complaining import answer_complaint, complain
from calls.operations.conflicts import record_conflict
from calls.operations.consents import Contact, invite_partner
from calls.operations.correcting_submissions import request_correction
from calls.operations.deciding import approve, recommend, send_back
from calls.operations.declaring import declare_conflict, declare_no_conflict
from calls.operations.documents import Signature, Upload, inspect_letter, keep_letter
from calls.operations.joint_selection import vote_for_side
from calls.operations.results import publish_results
from calls.operations.reviewing import finish_review, save_review
from calls.operations.screening import screen
from calls.operations.submission import submit
from calls.webhooks.signing import new_secret
from cooperation.accounts.models import User
from cooperation.notifications.models import Message
from tests.authorisation.world import STAFF_APPS, World
from tests.cooperation.documents.samples import pdf
from tests.factories import (
    ApplicationFactory,
    CallFactory,
    CityFactory,
    CriterionFactory,
    MembershipFactory,
    QuestionFactory,
    RuleFactory,
    SectionFactory,
    UserFactory,
)

# A canary is its own kind in a word that nobody writes: searched for without regard to case.
MARK = "zqx"
WEIGHTS = (37, 63)
# The scores of each sheet of two criteria, and what they come to: 20 * (37 a + 63 b) / 100, of 100.
SCORES = {
    "running": (1, 5), "finished": (4, 2), "waiting": (5, 1), "returned": (3, 4),
    "own_told": (2, 5), "other_told": (5, 2), "joint": (1, 4),
}  # fmt: skip
TOTALS = {
    kind: f"{20 * sum(weight * value for weight, value in zip(WEIGHTS, values, strict=True)) / 100:.1f}"
    for kind, values in SCORES.items()
}


def word(kind: str) -> str:
    """The canary of one kind: "zqxreviewername"."""
    return MARK + kind.replace("_", "")


def signed_picture() -> bytes:
    """A JPEG whose EXIF data name its artist."""
    written, exif = BytesIO(), Image.Exif()
    exif[0x013B] = word("exif_artist")
    Image.new("RGB", (40, 30), "teal").save(written, "JPEG", exif=exif, comment=word("jpeg_comment").encode())
    return written.getvalue()


def signed_pdf() -> bytes:
    def sign(document) -> None:
        document.docinfo["/Author"] = word("pdf_author")

    return pdf(sign)


@dataclass
class Planted:
    """The matrix's world, a round under review, one before its results, one after, and one of two sides."""

    world: World = field(default_factory=World)

    def __post_init__(self) -> None:
        self.people = dict(self.world.people)
        self.now = timezone.now()
        self.staff, self.decider = self.people["staff"], self.people["decider"]
        self._reviewers()
        self.other_officer = self._officer(self.world.other, "other")
        self.third = self.people["third"] = self._officer(None, "third")
        self.reviewing = self._under_review()
        self.waiting = self._before_results()
        self.told = self._after_results()
        self.joint = self._two_sides()
        self.screened = self._screened()
        self._drafts_and_files()
        # what was posted is in the inboxes
        Message.objects.exclude(subject="").update(state="sent", sent_at=self.now)

    # --- people ---------------------------------------------------------------------------------------------

    def _officer(self, organisation, name: str) -> User:
        more = {"organisation": organisation} if organisation else {"organisation__city__name": "Lund"}
        return MembershipFactory(user=UserFactory(email=f"{name}@example.org"), **more).user

    def _reviewers(self) -> None:
        rights = Permission.objects.filter(content_type__app_label__in=STAFF_APPS)
        for name in ("assigned", "finished", "expert", "conflicted", "author"):
            self.people[name] = self._reviewer(name)
        for name in ("scorer", "entangled"):
            self.people[name] = UserFactory(email=f"{name}@example.org", is_staff=True)
            self.people[name].user_permissions.set(rights)
        for name, city in (("one_side", "a"), ("other_side", "b")):
            self.people[name] = UserFactory(email=f"side-{city}@example.org", is_staff=True)
            self.people[name].user_permissions.set(rights.filter(codename="view_application"))

    def _reviewer(self, name: str) -> User:
        known = {"name": f"Ada {word('reviewer_name')}", "email": f"{word('reviewer_email')}@example.org"}
        user = UserFactory(**(known if name == "author" else {"email": f"{name}@example.org"}))
        reviewer = Reviewer.objects.create(
            user=user,
            invited_at=self.now,
            invited_by=self.decider,
            accepted_at=self.now,
            country="CA",
            languages=["en"],
        )
        if name == "author":
            reviewer.affiliation, reviewer.note = word("affiliation"), word("reviewer_note")
            reviewer.save()
        return user

    # --- rounds ---------------------------------------------------------------------------------------------

    def _call(self, slug: str, **more) -> Call:
        closed = self.now - timedelta(days=1)
        call = CallFactory(slug=slug, closes_at=closed, discussion_at=closed, complaint_days=20, **more)
        WebhookEndpoint.objects.create(
            programme=call.programme,
            url=f"https://{slug}.example.org/",
            events=WebhookEvent.values,
            secret=new_secret(),
            created_at=self.now,
            created_by=self.people["decider"],
        )
        section = SectionFactory(call=call, key="summary")
        QuestionFactory(section=section, key="what")
        QuestionFactory(section=section, key="title", type="text")
        RuleFactory(call=call, parameters={"countries": ["SE", "BW"]})
        for place, (key, weight) in enumerate(zip(("relevance", "plan"), WEIGHTS, strict=True)):
            CriterionFactory(call=call, key=key, labels={"en": key.title()}, weight=weight, position=place)
        return call

    def _application(self, call: Call, officer: User, screened: bool = True) -> Application:
        organisation = officer.memberships.get().organisation
        row = ApplicationFactory(
            call=call,
            lead=organisation,
            title="A plan",
            answers={"what": "Young people are heard."},
            created_by=officer,
        )
        submit(application=row, version=row.version, by=officer, at=self.now - timedelta(days=2))
        if screened:
            screen(application=row, eligible=True, note="", by=self.decider, at=self.now)
        row.refresh_from_db()
        return row

    def _sheet(self, application: Application, by: User, kind: str) -> None:
        """A finished sheet with a canary in each of its texts."""
        more = {"application": application, "at": self.now}
        assign(reviewer=by, by=self.decider, **more)
        declare_no_conflict(by=by, **more)
        criteria = application.call.criteria.order_by("position")
        save_review(
            scores={
                row.pk: (value, word(f"{kind}_score_note"))
                for row, value in zip(criteria, SCORES[kind], strict=True)
            },
            recommendation="fund",
            comment=word(f"{kind}_comment"),
            feedback=word(f"{kind}_feedback"),
            version=0,
            finish=True,
            by=by,
            **more,
        )

    def _under_review(self) -> Application:
        """One finished sheet, by the author; somebody in the discussion; others who still have to score."""
        row = self._application(self._call("under-review"), self.people["officer"])
        self._sheet(row, self.people["author"], "running")
        self._sheet(row, self.people["finished"], "finished")
        more = {"application": row, "at": self.now}
        for name in ("assigned", "scorer", "conflicted", "expert"):
            assign(reviewer=self.people[name], by=self.decider, **more)
        declare_no_conflict(by=self.people["assigned"], **more)
        declare_conflict(by=self.people["conflicted"], reason=word("conflict_reason"), **more)
        ended = Assignment.objects.get(application=row, user=self.people["expert"])
        unassign(assignment=ended, reason=word("end_reason"), by=self.decider, at=self.now)
        self._entangle(row)
        return row

    def _entangle(self, row: Application) -> None:
        record_conflict(
            application=row, reviewer=self.people["entangled"], reason="Kin.", by=self.decider, at=self.now
        )

    def _reviewed(self, call: Call, officer: User, kind: str) -> Application:
        row = self._application(call, officer)
        self._sheet(row, self.people["author"], kind)
        finish_review(application=row, by=self.decider, at=self.now)
        row.refresh_from_db()
        return row

    def _recommend(self, row: Application, outcome: Outcome, reason: str, place: int | None = None) -> None:
        recommend(
            application=row, outcome=outcome, reason=reason, reserve_place=place, by=self.staff, at=self.now
        )

    def _before_results(self) -> Application:
        """Another city's outcome: approved, and nobody outside knows. A third one's was sent back."""
        call = self._call("before-results")
        row = self._reviewed(call, self.other_officer, "waiting")
        reason = f"It scored {TOTALS['waiting']}. {word('waiting_decision')}"
        self._recommend(row, Outcome.RESERVE, reason, place=3)
        approve(application=row, by=self.decider, at=self.now)
        self._entangle(row)
        back = self._reviewed(call, self.third, "returned")
        self._recommend(back, Outcome.REJECTED, word("returned_decision"))
        send_back(application=back, reason=word("return_reason"), by=self.decider, at=self.now)
        self._entangle(back)
        self.returned = back
        return row

    def _after_results(self) -> Application:
        """Published: the own city is selected, another is not, complains and is answered."""
        call = self._call("after-results")
        own = self._reviewed(call, self.people["officer"], "own_told")
        other = self._reviewed(call, self.other_officer, "other_told")
        self._recommend(own, Outcome.SELECTED, word("own_told_decision"))
        self._recommend(other, Outcome.REJECTED, word("other_told_decision"))
        for row in (own, other):
            approve(application=row, by=self.decider, at=self.now)
        publish_results(call=call, by=self.decider, at=self.now)
        complaint = complain(
            application=other, text=word("complaint"), by=self.other_officer, at=timezone.now()
        )
        answer_complaint(
            complaint=complaint,
            answer=word("complaint_answer"),
            upheld=False,
            by=self.people["scorer"],
            at=timezone.now(),
        )
        self._entangle(other)
        return other

    def _two_sides(self) -> Application:
        """One side has voted, the other has not."""
        row = self._reviewed(self._call("two-sides", process="two_sides"), self.other_officer, "joint")
        sides = [
            Side.objects.create(call=row.call, key=name, labels={"en": name}) for name in ("north", "south")
        ]
        for side, name in zip(sides, ("one_side", "other_side"), strict=True):
            side.members.add(self.people[name])
        vote_for_side(
            side=sides[0],
            application=row,
            outcome=Outcome.REJECTED,
            reason=word("vote_reason"),
            by=self.people["one_side"],
            at=self.now,
        )
        return row

    def _screened(self) -> Application:
        """Another city's is not eligible, a third one's is to be corrected."""
        call = self._call("screening")
        row = self._application(call, self.other_officer, screened=False)
        screen(application=row, eligible=False, note=word("screening_note"), by=self.decider, at=self.now)
        asked = self._application(call, self.third, screened=False)
        request_correction(
            application=asked,
            reasons=["other"],
            note=word("correction_note"),
            due_at=self.now + timedelta(days=7),
            by=self.decider,
            at=self.now,
        )
        asked.refresh_from_db()
        unsent = {"what": word("unsent_answer"), "title": word("unsent_title")}
        save_answers(application=asked, answers=unsent, version=asked.version, by=self.third, at=self.now)
        self.asked = asked
        return row

    def _drafts_and_files(self) -> None:
        """A draft of another city with files, and what opens its links."""
        officer = self.other_officer
        draft = ApplicationFactory(
            call=self.world.call,
            lead=self.world.other,
            title=word("draft_title"),
            answers={"title": word("draft_answer")},
            created_by=officer,
        )
        city = CityFactory(name="Gaborone", country="BW")
        draft.partners.create(city=city)
        self.draft = draft
        contact = Contact("partner-of-other@example.org")
        self.secret = invite_partner(application=draft, city=city, contact=contact, by=officer, at=self.now)[
            1
        ]
        self.files = [self._file(draft, f"{word('file_name')}.jpg", signed_picture())]
        self.files.append(self._file(self.world.submitted, "photo.jpg", signed_picture()))
        self.files.append(self._file(self.world.submitted, "paper.pdf", signed_pdf()))

    def _file(self, application: Application, name: str, data: bytes):
        clean = inspect_letter(Upload(name, data))
        return keep_letter(
            application=application,
            city=self.world.other.city,
            clean=clean,
            signature=Signature(),
            at=self.now,
        )

    # --- readers --------------------------------------------------------------------------------------------

    def feed(self, role: str) -> str:
        """The address of somebody's own calendar."""
        feed = CalendarFeed.objects.filter(person=self.people[role]).first()
        feed = feed or make_calendar_feed(by=self.people[role], at=self.now)
        return f"/calendar/mine/{feed.secret}.ics"

    def client(self, role: str) -> Client:
        """Who asks: nobody, whoever holds the link to a consent page, or a person of the world."""
        found = Client(raise_request_exception=False)
        if role not in ("anonymous", "partner"):
            found.force_login(self.people[role])
        return found

    def organisations_of(self, role: str) -> list[int]:
        return list(self.people[role].memberships.values_list("organisation_id", flat=True))

    def is_staff(self, role: str) -> bool:
        return role in self.people and self.people[role].is_staff

    @property
    def own_consent(self) -> str:
        """The page of the partner that the own city asked."""
        return f"/consent/{self.world.consent_token}/"

    @property
    def calls(self) -> list[int]:
        rows = (self.reviewing, self.waiting, self.told, self.joint, self.screened)
        return [row.call_id for row in rows]

    @property
    def letters(self) -> list[Message]:
        """What was mailed about results, complaints and links."""
        kinds = ("decision", "complaint", "complaint_answered", "consent", "screening", "correction")
        return list(Message.objects.filter(kind__in=kinds).order_by("pk"))

    @property
    def applications(self) -> list[Application]:
        return list(Application.objects.filter(call__in=self.calls).order_by("pk"))

    def rescore(self, row: Application, values: tuple[int, int], recommendation: str) -> None:
        """Write other scores into the sheets of an application, behind everybody's back."""
        for review in Review.objects.filter(application=row, reviewer=self.people["author"]):
            for score, value in zip(review.scores.order_by("criterion__position"), values, strict=True):
                score.value = value
                score.save()
            review.recommendation = recommendation
            review.save()

"""Pages for the single facts of a city: networks, offices, commitments and reports, agreements, exchanges."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.forms.agreement import AgreementForm
from partnerships.forms.city import CommitmentForm, ExchangeForm, MembershipForm, OfficeForm, ReportForm
from partnerships.models import City, Commitment, NetworkMembership, Office
from partnerships.operations import portfolio as operations
from partnerships.operations.commitment_reports import file_report, note_grace
from partnerships.operations.refusals import NotPossible
from partnerships.queries.editing import own_agreements, plain, reports_of
from partnerships.queries.reporting import due_next, next_period
from partnerships.views.city_editing import CityEditing, FormPage, Overview


@dataclass(frozen=True)
class Fact:
    """One sort of fact: the city's rows, its form, its operation, and its words."""

    rows: Callable[[City], Any]
    form: type[Any]
    state: Callable[..., Any]
    adding: Any
    saved: Any
    verified: bool = True  # staff look at it


VERIFIED_SOON = gettext_lazy(
    "It stands on the page, as stated by the city. It counts once staff verified it."
)
FACTS = {
    "networks": Fact(
        lambda city: city.network_memberships.select_related("network"),
        MembershipForm,
        operations.state_membership,
        gettext_lazy("Add a network"),
        VERIFIED_SOON,
    ),
    "commitments": Fact(
        lambda city: city.commitments.all(),
        CommitmentForm,
        operations.state_commitment,
        gettext_lazy("Add a commitment"),
        VERIFIED_SOON,
    ),
    "agreements": Fact(
        own_agreements,
        AgreementForm,
        operations.state_agreement,
        gettext_lazy("Add an agreement or a twinning"),
        VERIFIED_SOON,
    ),
    "exchanges": Fact(
        lambda city: city.exchanges.all(),
        ExchangeForm,
        operations.state_exchange,
        gettext_lazy("Add people exchanged"),
        gettext_lazy("Saved. It stands on the public page now."),
        verified=False,
    ),
    "offices": Fact(
        lambda city: Office.objects.filter(membership__city=city).select_related("membership__network"),
        OfficeForm,
        operations.state_office,
        gettext_lazy("Add an office"),
        gettext_lazy("Saved. It stands on the public page now."),
        verified=False,
    ),
}
ADDED_ALONE = tuple(kind for kind in FACTS if kind != "offices")  # an office is added to a membership


class FactPage(FormPage):
    """Add a fact, or change one of the city's."""

    row: Any = None

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.kind, self.pk = kwargs["kind"], kwargs.get("pk")

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self._load()
        return super().get(request, **kwargs)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self._load()
        return super().post(request, **kwargs)

    def _load(self) -> None:
        if self.kind not in (ADDED_ALONE if self.pk is None else FACTS):
            raise Http404
        self.fact = FACTS[self.kind]
        if self.pk is not None:
            self.row = self.fact.rows(self.city).filter(pk=self.pk).first()
            if self.row is None:
                raise Http404
        self.title = str(self.row) if self.row else self.fact.adding
        self.saved = self.fact.saved

    def form(self, data: Any) -> Any:
        about = {"city": self.city} if self.kind == "agreements" else {}
        return self.fact.form(data, row=self.row, **about)

    def now(self) -> Any:
        return plain(self.row) if self.row else None

    def keep(self, form: Any, seen: str) -> None:
        about: dict[str, Any] = {"fields": form.values(), "by": self.user, "at": self.at}
        if self.row is not None:
            about |= {"pk": self.row.pk, "seen": seen}
        if self.kind == "offices":
            operations.state_office(membership=self.row.membership, **about)
            return
        if self.kind == "agreements" and self.row is None:
            about |= {"partner": form.found, "partner_name": form.cleaned_data["partner"]}
        self.fact.state(city=self.city, **about)

    def more(self) -> Mapping[str, Any]:
        if self.row is None:
            return {}
        verified = getattr(self.row, "is_verified", False)
        address = reverse("partnerships:city_take_back", args=[self.city.slug, self.kind, self.row.pk])
        return {
            "row": self.row,
            "verified": verified,
            "take_back": "" if verified else address,
            "refused": getattr(self.row, "refusal", ""),
        }


class OfficePage(FormPage):
    """An office of a membership."""

    title = gettext_lazy("Add an office")
    saved = gettext_lazy("Saved. It stands on the public page now.")

    def form(self, data: Any) -> OfficeForm:
        self.membership = membership_of(self.city, self.kwargs["membership"])
        self.hint = self.membership.network.name
        return OfficeForm(data)

    def keep(self, form: Any, seen: str) -> None:
        operations.state_office(membership=self.membership, fields=form.values(), by=self.user, at=self.at)


class ReportPage(FormPage):
    """File a report of a commitment."""

    title = gettext_lazy("File a report")
    saved = gettext_lazy("The report is filed. The next one is due as the page says.")

    def form(self, data: Any) -> ReportForm:
        self.commitment = commitment_of(self.city, self.kwargs["pk"])
        self.hint = self.commitment.name
        return ReportForm(data, initial=self._expected())

    def _expected(self) -> dict[str, Any]:
        """The period that the clock asks for next."""
        due_on = due_next(self.commitment)
        if due_on is None:
            return {}
        first, last = next_period(self.commitment, list(self.commitment.reports.all()), due_on)
        return {"period_from": first, "period_to": last}

    def now(self) -> Any:
        return reports_of(commitment_of(self.city, self.kwargs["pk"]))

    def keep(self, form: Any, seen: str) -> None:
        file_report(commitment=self.commitment, seen=seen, by=self.user, at=self.at, **form.cleaned_data)


class TakeBack(CityEditing):
    """Remove what the city stated and nobody verified."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *, kind: str, pk: int) -> HttpResponse:
        fact = FACTS.get(kind)
        row = fact.rows(self.city).filter(pk=pk).first() if fact else None
        if row is None:
            raise Http404
        try:
            operations.take_back(row=row, city=self.city, by=self.user, at=self.at)
        except NotPossible as refusal:
            return refused(self, str(refusal))
        return self.done(_("Taken back. It no longer stands on the page."))


class Grace(CityEditing):
    """Record that the initiative granted its days of grace."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *, pk: int) -> HttpResponse:
        commitment = commitment_of(self.city, pk)
        try:
            note_grace(commitment=commitment, by=self.user, at=self.at)
        except NotPossible as refusal:
            return refused(self, str(refusal))
        return self.done(_("The days of grace count for the report that is due next."))


def refused(page: CityEditing, sentence: str) -> HttpResponse:
    """The overview again, with why nothing was changed."""
    overview = Overview()
    overview.setup(page.request)
    overview.city, overview.at = page.city, page.at
    return overview.get(page.request, refusal=sentence, status=409)


def membership_of(city: City, pk: int) -> NetworkMembership:
    found = city.network_memberships.select_related("network", "city").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def commitment_of(city: City, pk: int) -> Commitment:
    found = city.commitments.select_related("city").prefetch_related("reports").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found

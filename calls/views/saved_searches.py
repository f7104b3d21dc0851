"""Saving a search of the catalogue, and asking to be told when a call opens; with or without an account."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views import View

from calls.access import NotAllowed
from calls.filters import CallFilters
from calls.forms.alerts import HowOften, SaveWithoutAccount, WithoutAccount, likely_zone
from calls.models import Call
from calls.operations.alert_addresses import ask_for_alert
from calls.operations.alerts import save_search, watch_opening
from calls.operations.status import NotPossible
from calls.queries.catalogue import catalogue
from calls.queries.cities import FoundCity, find_city
from calls.queries.clock import database_now
from calls.queries.saved_searches import Names, Search, found_by
from calls.queries.search_wording import word_search

SHOWN = 5  # calls that match now


class SaveSearch(View):
    """What will be sent, how often, in which language; the search is in the address."""

    search: Search
    city: FoundCity

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.at, self.city = database_now(), find_city(request.GET.get("city", ""))
        filters = CallFilters(request.GET, catalogue(self.at))
        if not filters.is_valid():
            # the list says what is wrong with a search, beside the field
            return redirect(f"{reverse('calls:list')}?{request.GET.urlencode()}")
        self.search = Search.of(filters.form.cleaned_data, self.city.city)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(self._form())

    def post(self, request: HttpRequest) -> HttpResponse:
        if self.city.words and self.city.city is None:
            return self._page(self._form(), status=422)
        if not request.user.is_authenticated:
            return self._ask(SaveWithoutAccount(request.POST))
        # one press in the list sends no frequency: weekly, until it is changed
        form = HowOften(request.POST, by=request.user) if "frequency" in request.POST else None
        if form and not form.is_valid():
            return self._page(form, status=422)
        chosen = {"frequency": form.chosen} if form else {}
        try:
            alert, new = save_search(search=self.search, by=request.user, at=self.at, **chosen)
        except (NotPossible, NotAllowed) as refusal:
            return self._page(form or self._form(), status=409, refusal=str(refusal))
        messages.success(
            request, _("The search is saved.") if new else _("You have saved this search before.")
        )
        return redirect(f"{reverse('calls:my_alerts')}#alert-{alert.pk}")

    def _ask(self, form: SaveWithoutAccount) -> HttpResponse:
        if not form.is_valid():
            return self._page(form, status=422)
        sent = form.cleaned_data
        about = {name: sent[name] for name in ("email", "language", "time_zone")}
        try:
            ask_for_alert(search=self.search, frequency=form.chosen, at=self.at, **about)
        except NotPossible as refusal:
            return self._page(form, status=409, refusal=str(refusal))
        return asked(self.request, sent["email"], f"{reverse('calls:list')}?{self.search.query}")

    def _form(self) -> HowOften | SaveWithoutAccount:
        if self.request.user.is_authenticated:
            return HowOften(by=self.request.user)
        zone = self.city.city.time_zone if self.city.city else ""
        return SaveWithoutAccount(initial=first_choices(zone), guess_zone=not zone)

    def _page(
        self, form: HowOften | SaveWithoutAccount, *, status: int = 200, refusal: str = ""
    ) -> HttpResponse:
        found = [row for row in found_by(self.search, self.at) if self.search.takes(row.group)]
        context = {
            "form": form,
            "refusal": refusal,
            "has_errors": bool(refusal) or status == 422,
            "search": self.search,
            "city": self.city,
            "words": word_search(self.search, Names.of([self.search])),
            "number": len(found),
            "found": found[:SHOWN],
            "back": f"{reverse('calls:list')}?{self.request.GET.urlencode()}",
            "crumbs": [(_("Calls"), reverse("calls:list")), (_("Save a search"), "")],
        }
        return render(self.request, "calls/save_search.html", context, status=status)


class WatchOpening(View):
    """One mail when a forthcoming call opens."""

    call: Call

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.at = database_now()
        rows = Call.objects.visible_to(request.user).prefetch_related("texts")
        self.call = get_object_or_404(rows, slug=kwargs["slug"])
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        return self._page(None if request.user.is_authenticated else self._form())

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        if not request.user.is_authenticated:
            return self._ask(WithoutAccount(request.POST))
        try:
            _alert, new = watch_opening(call=self.call, by=request.user, at=self.at)
        except (NotPossible, NotAllowed) as refusal:
            return self._page(None, status=409, refusal=str(refusal))
        sentence = _("You get one mail when this call opens.")
        messages.success(request, sentence if new else _("You asked before: one mail comes when it opens."))
        return redirect(self.call)

    def _ask(self, form: WithoutAccount) -> HttpResponse:
        if not form.is_valid():
            return self._page(form, status=422)
        sent = form.cleaned_data
        about = {name: sent[name] for name in ("email", "language", "time_zone")}
        try:
            ask_for_alert(call=self.call, at=self.at, **about)
        except NotPossible as refusal:
            return self._page(form, status=409, refusal=str(refusal))
        return asked(self.request, sent["email"], self.call.get_absolute_url())

    def _form(self) -> WithoutAccount:
        return WithoutAccount(initial=first_choices(""), guess_zone=True)

    def _page(self, form: WithoutAccount | None, *, status: int = 200, refusal: str = "") -> HttpResponse:
        context = {
            "call": self.call,
            "text": self.call.text,
            "form": form,
            "refusal": refusal,
            "has_errors": bool(refusal),
            "crumbs": [
                (_("Calls"), reverse("calls:list")),
                (self.call.title, self.call.get_absolute_url()),
                (_("Tell me when it opens"), ""),
            ],
        }
        return render(self.request, "calls/watch_opening.html", context, status=status)


def first_choices(zone: str) -> dict[str, str]:
    """Language and clock of who has no account, as far as the page knows them."""
    language = get_language() or "en"
    return {"language": language, "time_zone": zone or likely_zone(language)}


def asked(request: HttpRequest, email: str, back: str) -> HttpResponse:
    """The same page for every address, whatever is kept about it."""
    return render(request, "calls/alert_asked.html", {"email": email, "back": back})

"""Where a city's own people keep its page: the overview, and what says something of the whole city."""

from collections.abc import Mapping
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.mixins import AccessMixin
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from cooperation.accounts.models import User
from cooperation.web.clock import database_now
from partnerships.access import edits_city
from partnerships.forms.city import AboutForm, InterestsForm, PopulationForm
from partnerships.models import City, Theme
from partnerships.operations import portfolio as operations
from partnerships.operations.refusals import ChangedMeanwhile, NotPossible
from partnerships.queries.editing import fingerprint, interests_of, own_agreements, plain
from partnerships.queries.reporting import records_of


class CityEditing(AccessMixin, View):
    """For the officers and approvers of the municipality; for everybody else there is no such page."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        city = City.objects.filter(slug=kwargs.pop("slug")).first()
        if city is None or not edits_city(self.user, city):
            raise Http404
        self.city, self.at = city, database_now()
        response = super().dispatch(request, *args, **kwargs)
        response["Cache-Control"] = "no-store, private"
        return response

    @property
    def user(self) -> User:
        return cast(User, self.request.user)

    def done(self, sentence: str) -> HttpResponse:
        messages.success(self.request, sentence)
        return redirect("partnerships:city_edit", self.city.slug)


class Overview(CityEditing):
    """Everything the city says of itself, with where it stands and what to change."""

    def get(self, request: HttpRequest, *, refusal: str = "", status: int = 200) -> HttpResponse:
        city = self.city
        interests = interests_of(city)
        names = {theme.slug: str(theme) for theme in Theme.objects.all()}
        context = {
            "city": city,
            "today": self.at.date(),
            "refusal": refusal,
            "has_errors": bool(refusal),
            "population": city.population_statements.first(),
            "learns": [names[slug] for slug in interests["learn"]],
            "teaches": [names[slug] for slug in interests["teach"]],
            "networks": city.network_memberships.select_related("network").prefetch_related("offices"),
            "commitments": records_of(city, self.at.date(), refused=True),
            "agreements": own_agreements(city),
            "exchanges": city.exchanges.all(),
        }
        return render(request, "partnerships/city_edit.html", context, status=status)


class FormPage(CityEditing):
    """A form, the fingerprint of what it showed, and one operation. Subclasses say which."""

    title: Any = ""
    saved: Any = ""
    hint: Any = ""

    def form(self, data: Any) -> Any:
        raise NotImplementedError

    def now(self) -> Any:
        """What is kept now, as plain data; None for something new."""
        return None

    def keep(self, form: Any, seen: str) -> None:
        raise NotImplementedError

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.page(self.form(None), seen=fingerprint(self.now()))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form, seen = self.form(request.POST), request.POST.get("seen", "")
        if not form.is_valid():
            return self.page(form, seen=seen, status=422)
        try:
            self.keep(form, seen)
        except ChangedMeanwhile as conflict:
            rows = differences(form, conflict.current)
            seen = fingerprint(conflict.current)
            return self.page(form, seen=seen, status=409, refusal=str(conflict), differences=rows)
        except NotPossible as refusal:
            return self.page(form, seen=seen, status=409, refusal=str(refusal))
        return self.done(str(self.saved))

    def page(self, form: Any, *, seen: str, status: int = 200, **context: Any) -> HttpResponse:
        shared = {"city": self.city, "form": form, "seen": seen, "title": self.title, "hint": self.hint}
        shared |= {"has_errors": bool(context.get("refusal")), **self.more()}
        return render(self.request, "partnerships/city_edit_form.html", {**shared, **context}, status=status)

    def more(self) -> Mapping[str, Any]:
        """What a subclass adds to its page."""
        return {}


def differences(form: Any, current: Any) -> list[tuple[str, str, str]]:
    """Label, own and kept text of each answer that differs."""
    if not isinstance(current, Mapping):
        return []
    mine = form.values() if hasattr(form, "values") else form.cleaned_data
    columns = getattr(form, "columns", {})
    labels = {columns.get(name, name): str(field.label) for name, field in form.fields.items()}
    labels.setdefault("descriptions", _("About the city"))
    return [
        (labels.get(name, name), in_words(mine[name]), in_words(current.get(name)))
        for name in mine
        if name in current and mine[name] != current[name]
    ]


def in_words(value: Any) -> str:
    """A kept value as a reader can compare it."""
    if isinstance(value, Mapping):
        return "\n".join(f"{code}: {in_words(text)}" for code, text in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(str(entry) for entry in value)
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return "" if value is None else str(value)


class About(FormPage):
    title = gettext_lazy("About the city")
    saved = gettext_lazy("Saved. It stands on the public page now.")

    def form(self, data: Any) -> AboutForm:
        return AboutForm(data, city=self.city)

    def now(self) -> Any:
        return plain(self.city)

    def keep(self, form: Any, seen: str) -> None:
        operations.describe(city=self.city, fields=form.values(), seen=seen, by=self.user, at=self.at)


class Population(FormPage):
    title = gettext_lazy("Population")
    saved = gettext_lazy("It stands on the page, as the city says. Rules count it once staff verified it.")

    def form(self, data: Any) -> PopulationForm:
        return PopulationForm(data)

    def keep(self, form: Any, seen: str) -> None:
        operations.state_population(city=self.city, by=self.user, at=self.at, **form.cleaned_data)


class Interests(FormPage):
    title = gettext_lazy("What the city offers and wants")
    saved = gettext_lazy("Saved. Other cities find you by these themes.")

    def form(self, data: Any) -> InterestsForm:
        return InterestsForm(data, initial=interests_of(self.city))

    def now(self) -> Any:
        return interests_of(self.city)

    def keep(self, form: Any, seen: str) -> None:
        operations.choose_interests(city=self.city, seen=seen, by=self.user, at=self.at, **form.cleaned_data)

"""The filters of the list of applications, all in the address. A filter that would not narrow is absent."""

from datetime import date
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from calls.models import Application, Call
from calls.models.application import ApplicationStatus
from calls.queries import application_lists as lists
from calls.queries import staff
from calls.queries.application_columns import VERDICTS
from calls.queries.eligibility_terms import country
from calls.workflow import Status
from cooperation.accounts.models import User
from cooperation.web.admin_input import is_id
from cooperation.web.languages import language_name
from partnerships.models import Theme

LONGEST_SEARCH = 200  # characters
HIGHEST = 100
NOT_OFFERED = _("No application has “%(value)s”. Choose again.")


class Several(django_filters.MultipleChoiceFilter):
    """Any of several values, as checkboxes; choices come from what there is."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            widget=forms.CheckboxSelectMultiple,
            distinct=False,
            choices=[],
            error_messages={"invalid_choice": NOT_OFFERED},
            **kwargs,
        )


class One(django_filters.ChoiceFilter):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=[], error_messages={"invalid_choice": NOT_OFFERED}, **kwargs)


class Day(django_filters.DateFilter):
    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        message = _("Write the day as 2027-03-15.")
        super().__init__(widget=widget, error_messages={"invalid": message}, **kwargs)


class Score(django_filters.NumberFilter):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=0, max_value=HIGHEST, max_digits=5, decimal_places=2, **kwargs)


class Ticked(django_filters.BooleanFilter):
    """A box: ticked it narrows, unticked it does nothing."""

    field_class = forms.BooleanField


class ApplicationFilters(django_filters.FilterSet):
    """Filters over the applications that a person of the staff sees."""

    q = django_filters.CharFilter(
        method="search",
        label=_("Search: reference, title, lead, partner city"),
        max_length=LONGEST_SEARCH,
        error_messages={
            "max_length": _("Search with at most %(limit_value)d characters; you used %(show_value)d.")
        },
    )
    todo = One(method="waiting", label=_("To do"), empty_label=None)
    call = One(field_name="call", label=_("Call"), empty_label=_("All calls"))
    status = Several(field_name="status", label=_("Status"))
    verdict = Several(method="assessed", label=_("Rules at submission"))
    country = Several(field_name="lead__country", label=_("Country or territory of the lead"))
    theme = Several(method="on_themes", label=_("Theme"))
    language = Several(field_name="language", label=_("Language"))
    reviewer = One(method="assigned_to", label=_("Assigned to"), empty_label=_("Anybody"))
    score_from = Score(field_name="mean_seen", lookup_expr="gte", label=_("Mean score from"))
    score_to = Score(field_name="mean_seen", lookup_expr="lte", label=_("Mean score to"))
    received_from = Day(method="received_since", label=_("Submitted from"))
    received_to = Day(method="received_until", label=_("Submitted until"))
    unassigned = Ticked(method="not_assigned", label=_("Assigned to nobody"))
    conflict = Ticked(method="conflicted", label=_("A conflict of interest is declared"))
    unread = Ticked(method="not_read", label=_("Not read by me yet"))

    class Meta:
        model = Application
        fields: list[str] = []

    def __init__(self, data: Any, *, user: User) -> None:
        self.user = user
        super().__init__(data, Application.objects.for_staff(user).annotate(mean_seen=lists.mean_seen(user)))
        self.chosen_call = self._found_call()
        self._offer()

    def _found_call(self) -> Call | None:
        """The chosen call, also one that has received nothing yet."""
        chosen = self.data.get("call", "")
        found = next((row for row in self.calls if str(row.pk) == chosen), None)
        if found is None and is_id(chosen):
            found = Call.objects.filter(pk=chosen).prefetch_related("texts").first()
        return found

    @cached_property
    def calls(self) -> list[Call]:
        return lists.calls_received()

    @cached_property
    def mine(self) -> list[int]:
        """What waits for the reader, asked once however often it is counted and listed."""
        return lists.waiting_for_me(self.user)

    @cached_property
    def theme_keys(self) -> list[str]:
        return lists.theme_keys([self.chosen_call] if self.chosen_call else self.calls)

    def _offer(self) -> None:
        """The choices of each filter, read from the applications of the chosen call, or of all."""
        rows = Application.objects.for_staff(self.user)
        rows = rows.filter(call=self.chosen_call) if self.chosen_call else rows
        there = lists.values_of(rows)
        calls = list(self.calls)
        if self.chosen_call and self.chosen_call not in calls:
            calls.append(self.chosen_call)
        themes = [(row.slug, str(row)) for row in Theme.objects.all()] if self.theme_keys else []
        statuses = [(value, label) for value, label in ApplicationStatus.choices if value != Status.DRAFT]
        self._choices("todo", self._queues())
        self._choices("call", [(str(row.pk), row.title) for row in calls])
        self._choices("status", [row for row in statuses if row[0] in there["status"]], statuses)
        verdicts = [(str(key), label) for key, label in VERDICTS.items()]
        self._choices("verdict", [row for row in verdicts if row[0] in there["verdict"]], verdicts)
        places = sorted(
            ((str(code), country(str(code))) for code in there["country"]), key=lambda row: row[1]
        )
        self._choices("country", places)
        self._choices("language", [(code, language_name(code)) for code in sorted(there["language"])])
        self._choices("theme", themes)
        self._choices("reviewer", lists.reviewers_of(rows))
        if not there["sheets"]:
            self._leave_out("score_from", "score_to")

    def _queues(self) -> list[tuple[str, Any]]:
        queues = [(key, queue.label) for key, queue in staff.QUEUES.items()]
        return [(lists.ALL, _("All applications")), (lists.MINE, _("Waiting for you")), *queues]

    def _choices(self, name: str, there: list[tuple[str, Any]], known: list[tuple[str, Any]] = ()) -> None:  # type: ignore[assignment]
        """Offer what there is, and what was asked for; a filter with one choice narrows nothing."""
        asked = self.data.getlist(name) if hasattr(self.data, "getlist") else []
        offered = [row for row in known if row in there or row[0] in asked] if known else there
        if len(offered) < 2 and not any(asked):
            self._leave_out(name)
        else:
            self.filters[name].extra["choices"] = offered

    def _leave_out(self, *names: str) -> None:
        """One that was asked for stays, so that what narrows the list is seen."""
        for name in names:
            if not self.data.get(name):
                self.filters.pop(name, None)

    def search(self, rows: QuerySet[Application], name: str, words: str) -> QuerySet[Application]:
        return lists.containing(rows, words)

    def waiting(self, rows: Any, name: str, key: str) -> QuerySet[Application]:
        if key == lists.MINE:
            return rows.filter(lists.any_of(self.mine))
        if key not in staff.QUEUES:
            return rows
        return rows.filter(pk__in=staff.waiting_for(key, self.user).order_by().values("pk"))

    def assessed(self, rows: QuerySet[Application], name: str, verdicts: list[str]) -> QuerySet[Application]:
        return rows.alias(frozen=lists.frozen_verdict()).filter(frozen__in=verdicts) if verdicts else rows

    def on_themes(self, rows: QuerySet[Application], name: str, themes: list[str]) -> QuerySet[Application]:
        return lists.on_themes(rows, self.theme_keys, themes) if themes else rows

    def assigned_to(self, rows: QuerySet[Application], name: str, person: str) -> QuerySet[Application]:
        reviewed = Q(pk__in=Application.objects.filter(reviews__reviewer=int(person)).values("pk"))
        return rows.filter(Q(lists.assigned(user=person)) | reviewed)

    def received_since(self, rows: QuerySet[Application], name: str, day: date) -> QuerySet[Application]:
        return rows.alias(received_on=lists.received_on()).filter(received_on__gte=day)

    def received_until(self, rows: QuerySet[Application], name: str, day: date) -> QuerySet[Application]:
        return rows.alias(received_on=lists.received_on()).filter(received_on__lte=day)

    def not_assigned(self, rows: QuerySet[Application], name: str, value: bool) -> QuerySet[Application]:
        return rows.filter(~lists.assigned()) if value else rows

    def conflicted(self, rows: QuerySet[Application], name: str, value: bool) -> QuerySet[Application]:
        return rows.filter(lists.in_conflict()) if value else rows

    def not_read(self, rows: QuerySet[Application], name: str, value: bool) -> QuerySet[Application]:
        return rows.filter(~lists.read_by(self.user)) if value else rows

    def chosen(self) -> list[tuple[str, str, str]]:
        """What narrows the list: the filter's name, the value in the address, the words for it."""
        found = []
        for name, value in self.form.cleaned_data.items():
            if value in (None, "", [], False) or (name == "todo" and value == lists.ALL):
                continue
            field = self.form.fields[name]
            words = {str(key): str(label) for key, label in getattr(field, "choices", ())}
            for entry in value if isinstance(value, list) else [value]:
                word = "" if entry is True else words.get(str(entry), str(entry))
                found.append(
                    (
                        name,
                        self._in_address(name, entry),
                        f"{field.label}: {word}" if word else str(field.label),
                    )
                )
        return found

    def _in_address(self, name: str, entry: Any) -> str:
        return str(entry) if isinstance(entry, str) else str(self.data.get(name, ""))


class SavedViewForm(forms.Form):
    """A name for a list as it is set up now."""

    name = forms.CharField(label=_("Name of the view"), max_length=80)
    shared = forms.BooleanField(label=_("Share it with all staff"), required=False)
    first = forms.BooleanField(label=_("Open the list with it"), required=False)

    def clean_name(self) -> str:
        name = self.cleaned_data["name"].strip()
        if not name:
            raise ValidationError(_("Give the view a name."))
        return name

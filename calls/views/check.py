"""Can these cities apply? A lead and any partners, in the address, checked against every rule of a call."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views import View

from calls.models import Call
from calls.queries.call_page import group_of
from calls.queries.check_page import check_result
from calls.queries.cities import LONGEST_WORDS, FoundCity, find_city
from calls.queries.clock import database_now
from calls.queries.deadlines import word_instant
from partnerships.models import City, Membership

MOST_PARTNERS = 8  # the largest partnership of any programme here; each name is one look-up


@dataclass(frozen=True)
class Field:
    """One city of the form: what was typed and found, and the sentence that says what is wrong with it."""

    name: str
    id: str
    label: str
    found: FoundCity
    error: str = ""


class EligibilityCheck(View):
    """The form, the cities to choose from, or the verdict. What cannot be understood is answered with 422."""

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        at = database_now()
        calls = Call.objects.visible_to(request.user).select_related("programme")
        call = get_object_or_404(calls.prefetch_related("texts", "rules", "successors__texts"), slug=slug)
        fields = self._fields()
        errors = [field for field in fields if field.error]
        asked = any(name in request.GET for name in ("lead", "partner"))
        context: dict[str, Any] = {
            "call": call,
            "text": call.text,
            "group": group_of(call, at),
            "fields": fields,
            "errors": errors if asked else [],
            "has_errors": asked and bool(errors),
            "asked": asked,
            "checked": word_instant(at, call.zone),
        }
        if not asked:
            return render(request, "calls/check.html", context)
        choosing = [field for field in fields if field.found.candidates]
        if errors or choosing:
            context["choosing"] = choosing
            return render(request, "calls/check.html", context, status=422 if errors else 200)
        lead, *partners = [field.found.city for field in fields if field.found.city]
        context |= {
            "lead": lead,
            "chosen_partners": partners,
            "result": check_result(call, lead, partners, at),
            "without": self._without(partners),
        }
        return render(request, "calls/check.html", context)

    def _fields(self) -> list[Field]:
        """The lead, the partners as typed, and one empty field for one more."""
        lead = self.request.GET.get("lead", "")
        if not self.request.GET:
            lead = self._own_city()
        partners = [words for words in self.request.GET.getlist("partner") if words.strip()]
        fields = [_field("lead", "id_lead", _("Your city"), lead, required=True)]
        for number, words in enumerate(partners[:MOST_PARTNERS], start=1):
            label = _("Partner city %(number)s") % {"number": number}
            others = [field.found.city for field in fields if field.found.city]
            fields.append(_field("partner", f"id_partner_{number}", label, words, others=others))
        if len(partners) < MOST_PARTNERS:
            label = _("Another partner city") if partners else _("Partner city")
            fields.append(Field("partner", f"id_partner_{len(partners) + 1}", label, FoundCity("")))
        return fields

    def _own_city(self) -> str:
        """The city whose officer is asking, so that it need not be typed."""
        user = self.request.user
        if not user.is_authenticated:
            return ""
        own = Membership.objects.verified().filter(user=user, organisation__city__isnull=False)
        slug = own.order_by("id").values_list("organisation__city__slug", flat=True).first()
        return slug or ""

    def _without(self, partners: list[City]) -> list[tuple[City, str]]:
        """Each of several partners, with the address of the same check without it."""
        found = []
        for city in partners if len(partners) > 1 else []:
            query = self.request.GET.copy()
            query.setlist("partner", [other.slug for other in partners if other != city])
            found.append((city, f"?{query.urlencode()}"))
        return found


def _field(
    name: str, id: str, label: str, words: str, *, required: bool = False, others: list[City] | None = None
) -> Field:
    found = find_city(words)
    error = ""
    if len(words) > LONGEST_WORDS:
        error = _("Write the name of one city, at most %(limit)s characters.") % {"limit": LONGEST_WORDS}
    elif required and not words.strip():
        error = _("Name the city that leads.")
    elif found.unknown:
        about = {"name": words.strip()[:80]}
        error = (
            _("No city called “%(name)s” is known here. Check the spelling, or try its English name.") % about
        )
    elif found.city and found.city in (others or []):
        error = _("%(name)s is named twice. Each city takes part once.") % {"name": found.city.name}
    return Field(name, id, label, found, error)

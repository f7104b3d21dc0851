"""The board of ideas, an idea with who would join it, and what is suggested to a reader's cities."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from cooperation.accounts.models import User
from cooperation.web.languages import language_name
from partnerships.models import Idea, Interest, Membership, Organisation, Suggestion, Theme
from partnerships.models.organisation import WRITERS
from partnerships.models.search import IdeaQuerySet

SPEAKS_FOR = 500  # per mille; from here a criterion is told as a reason
MOST_SUGGESTED = 3
SUBJECTS = ("themes", "learning")  # what two cities would work on


def with_city(ideas: IdeaQuerySet) -> IdeaQuerySet:
    """With their city and themes: three queries for any number of ideas."""
    return ideas.select_related("organisation__city").prefetch_related("themes")


def written_by(user: User) -> list[Organisation]:
    """The organisations a reader writes for, those with a city, by name. One query."""
    members = Membership.objects.verified().filter(user=user, user__is_active=True, role__in=WRITERS)
    rows = Organisation.objects.filter(pk__in=members.values("organisation"), city__isnull=False)
    return list(rows.select_related("city").order_by("name", "pk"))


def standing_interests(idea: Idea) -> list[Interest]:
    """Who would join an idea, in the order they came. One query."""
    rows = idea.interests.standing().select_related(
        "organisation__city", "expressed_by", "answered_by", "idea__organisation"
    )
    return list(rows)


@dataclass(frozen=True)
class Suggested:
    """One idea that fits one of the reader's cities, with the reasons as sentences."""

    suggestion: Suggestion
    reasons: Sequence[str]


def suggested_to(organisations: Sequence[Organisation], on: date) -> list[Suggested]:
    """The best ideas for a reader's cities, without those they have answered to. Three queries at most."""
    if not organisations:
        return []
    rows = Suggestion.objects.filter(
        city__in=[row.city_id for row in organisations], idea__in=Idea.objects.seeking(on)
    ).exclude(idea__interests__in=Interest.objects.standing().filter(organisation__in=organisations))
    rows = rows.select_related("city", "idea__organisation__city").prefetch_related("idea__themes")
    rows = rows.order_by("-score", "id")
    names = {theme.slug: str(theme) for theme in Theme.objects.all()}
    best = {row.idea_id: row for row in reversed(list(rows[:30]))}
    found = sorted(best.values(), key=lambda row: (-row.score, row.pk))[:MOST_SUGGESTED]
    return [Suggested(row, reasons(row, names)) for row in found]


def reasons(suggestion: Suggestion, themes: Mapping[str, str]) -> list[str]:
    """Why an idea fits: its subject first, then what is weighty; what says little or nothing is left out."""
    subjects = [part for part in suggestion.criteria if part["criterion"] in SUBJECTS and part["points"]]
    others = [part for part in suggestion.criteria if part["criterion"] not in SUBJECTS and part["known"]]
    weighty = [part for part in others if part["per_mille"] >= SPEAKS_FOR]
    ordered = [
        part for parts in (subjects, weighty) for part in sorted(parts, key=lambda part: -part["points"])
    ]
    seeker = suggestion.idea.organisation.city
    named = {"city": suggestion.city.name, "other": str(seeker)}
    sentences = (_reason(part["criterion"], part["facts"], named, themes) for part in ordered)
    return [sentence for sentence in sentences if sentence]


def _reason(code: str, facts: Mapping[str, Any], named: dict[str, str], themes: Mapping[str, str]) -> str:
    def listed(slugs: Sequence[str]) -> str:
        return get_text_list([themes.get(slug, slug) for slug in slugs], _("and"))

    if code == "themes" and facts.get("shared"):
        return _("%(city)s works on the same: %(themes)s.") % {**named, "themes": listed(facts["shared"])}
    if code == "learning":
        return _learning(facts, named, listed)
    if code == "languages" and facts.get("shared"):
        languages = get_text_list([language_name(code) for code in facts["shared"]], _("and"))
        return _("You can work together in %(languages)s.") % {"languages": languages}
    if code == "size" and facts.get("population_a") and facts.get("population_b"):
        return _("%(city)s and %(other)s are of comparable size.") % named
    if code == "time_zone":
        return _("Most of the working day is shared.")
    return ""


def _learning(facts: Mapping[str, Any], named: dict[str, str], listed: Any) -> str:
    if facts.get("a_learns"):
        taught = {**named, "themes": listed(facts["a_learns"])}
        return _("%(other)s can teach what %(city)s wants to learn: %(themes)s.") % taught
    if facts.get("b_learns"):
        taught = {**named, "themes": listed(facts["b_learns"])}
        return _("%(city)s can teach what %(other)s wants to learn: %(themes)s.") % taught
    return ""


def waiting_interests(user: User) -> list[Interest]:
    """Interest in ideas of the organisations a reader writes for, which nobody has answered. One query."""
    members = Membership.objects.verified().filter(user=user, user__is_active=True, role__in=WRITERS)
    rows = Interest.objects.standing().filter(
        mutual__isnull=True,
        idea__organisation__in=members.values("organisation"),
        idea__hidden_at__isnull=True,
    )
    return list(rows.select_related("idea", "organisation__city"))

"""Words of the partner search: whom an idea seeks, whether it still does, how an interest stands."""

from datetime import date

from django import template
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.safestring import SafeString
from django.utils.text import get_text_list
from django.utils.translation import gettext, ngettext
from django_countries import countries

from cooperation.web.languages import language_name
from cooperation.web.templatetags.portal import state
from partnerships.models import Idea, Interest

register = template.Library()

MOST_NAMED = 4  # countries; a longer list is counted


@register.simple_tag
def sought(idea: Idea) -> str:
    """Whom it seeks: "2 partners in Botswana or Kenya", "1 partner anywhere"."""
    partners = ngettext("%(count)d partner", "%(count)d partners", idea.partners_wanted)
    named = {"partners": partners % {"count": idea.partners_wanted}, "countries": _countries(idea)}
    if not idea.countries:
        return gettext("%(partners)s anywhere") % named
    return gettext("%(partners)s in %(countries)s") % named


def _countries(idea: Idea) -> str:
    if len(idea.countries) > MOST_NAMED:
        text = ngettext("%(count)d country", "%(count)d countries", len(idea.countries))
        return text % {"count": len(idea.countries)}
    return get_text_list([countries.name(code) for code in idea.countries], gettext("or"))


@register.simple_tag
def spoken(idea: Idea) -> str:
    """The languages it works in, by name."""
    return get_text_list([language_name(code) for code in idea.languages], gettext("and"))


@register.filter
def seeks_on(idea: Idea, today: date) -> bool:
    return idea.is_seeking(today)


@register.simple_tag
def idea_state(idea: Idea, today: date | None = None) -> SafeString:
    """Whether an idea still seeks partners, as a dot and a word."""
    if idea.hidden_at:
        return state("declined", gettext("Taken down by staff"))
    if idea.withdrawn_at:
        return state("withdrawn", gettext("Off the board"))
    if idea.completed_at:
        return state("complete", gettext("Complete: enough partners are found"))
    if not idea.is_seeking(today or timezone.localdate()):
        return state("closed", gettext("Its year is over"))
    return state("met", gettext("Seeks partners"))


@register.simple_tag
def interest_state(interest: Interest) -> SafeString:
    """How an expression of interest stands, as a dot and a word."""
    if interest.mutual is None:
        return state("asked", gettext("Waits for an answer"))
    return state("agreed", gettext("Mutual")) if interest.mutual else state("declined")


@register.filter
def in_points(score: int) -> str:
    """Milli-points as points with one decimal, in the reader's notation."""
    return number_format(score / 1000, 1)

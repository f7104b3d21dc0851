"""What the page of a section and its autosave have in common: the section, the form, saving, two versions."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.forms import BoundField
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from calls.forms.section import SectionForm as SectionAnswers
from calls.forms.section import section_form
from calls.models import Application, Question, Section
from calls.operations.applications import save_answers
from calls.queries.answers import fingerprint, is_blank, parties_in, sections_of, shown
from calls.queries.deadlines import place_of, word_instant
from calls.queries.eligibility_wording import FindingText
from calls.queries.known_answers import word_source
from calls.queries.section_findings import findings_of_section
from calls.views.application_page import ApplicationPage, read_version
from cooperation.accounts.models import User
from partnerships.models import Theme

THEIRS = "theirs"


@dataclass(frozen=True)
class Difference:
    """One question that two people answered differently, and whose answer is chosen."""

    question: Question
    mine: str
    theirs: str
    field: BoundField
    takes_theirs: bool


class SectionPage(ApplicationPage):
    """One section of one application, and what was posted to it."""

    template_name = "calls/section.html"
    section: Section

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.key = kwargs["section"]
        return super().dispatch(request, *args, **kwargs)

    def rows(self, user: User) -> QuerySet[Application]:
        """Bare where a section is saved: saving reads again under its lock, and seldom a page follows."""
        if self.request.method == "POST":
            return Application.objects.visible_to(user).select_related("call")
        return super().rows(user)

    def find_section(self) -> None:
        """The section by the address's key; 404 where the form has none."""
        self.sections = sections_of(self.application)
        found = [row for row in self.sections if row.key == self.key]
        if not found:
            raise Http404
        self.section = found[0]
        self.questions = list(self.section.questions.all())
        # The page of a conflict asks only what differs; a question that was not shown is never emptied.
        only = set(self.request.POST.getlist("only"))
        self.keys = [row.key for row in self.questions if not only or row.key in only]

    def posted_form(self) -> SectionAnswers:
        """The form as it was posted, validated. Whether the person may write is asked where it is used."""
        form = section_form(self.section, self.application, self.request.POST)
        form.is_valid()
        return form

    def left_as_saved(self) -> set[str]:
        """Questions whose answers the person decided to leave as their colleague saved them."""
        return {key for key in self.keys if self.request.POST.get(f"take-{key}") == THEIRS}

    def save(self, form: SectionAnswers) -> Application:
        """Save every answer that could be read. Raises what `save_answers` raises."""
        left = self.left_as_saved()
        version, seen = self._began_from()
        return save_answers(
            application=self.application,
            answers={key: form.answers[key] for key in self.keys if key in form.answers and key not in left},
            version=version,
            seen=seen,
            shown=self.keys,
            section=self.key,
            by=self.user,
            at=self.at,
        )

    def _began_from(self) -> tuple[int, str]:
        """Version and fingerprint that the writer saw; the button that settles a conflict carries its own."""
        version, _colon, seen = self.request.POST.get("settle", "").partition(":")
        if seen:
            return read_version(version), seen
        return read_version(self.request.POST.get("version", "")), self.request.POST.get("seen", "")

    def base(self, application: Application) -> dict[str, str]:
        """What the next save begins from."""
        seen = fingerprint(application.answers, [question.key for question in self.questions])
        return {"version": str(application.version), "seen": seen}

    def differences(self, form: SectionAnswers, current: Application) -> list[Difference]:
        """The questions whose posted answer is not the one that is kept now, or could not be read."""
        themes, parties = theme_names(), parties_in(current, [self.section])
        left = self.left_as_saved()
        found = []
        for question in (row for row in self.questions if row.key in self.keys):
            field, theirs = form[question.key], current.answers.get(question.key)
            mine = field.value() if question.key in form.errors else form.answers.get(question.key)
            if mine == theirs or (is_blank(mine) and is_blank(theirs)):
                continue
            texts = [shown(question, answer, themes, parties) for answer in (mine, theirs)]
            takes_theirs = question.key in left or bool(texts[1] and not texts[0])
            found.append(Difference(question, texts[0], texts[1], field, takes_theirs))
        return found

    def findings(self) -> list[FindingText]:
        """What the call's rules say about this section, as it is saved now."""
        on = self.application.call.day_of(self.at)
        return findings_of_section(self.application, self.section, self.sections, on=on)

    def mark_prefilled(self, form: SectionAnswers) -> None:
        """Say beside each answer that nobody has saved where it comes from."""
        for key, source in self.application.prefilled.items():
            if key in form.fields:
                field = form.fields[key]
                words = word_source(source)
                field.help_text = format_html('{} <span class="prefilled">{}</span>', field.help_text, words)

    def saved_words(self, application: Application) -> str:
        """ "Saved at 14:03:22 Stockholm, version 7", on the reader's clock; with the day on later days."""
        zone = self.user.time_zone
        local, version = application.changed_at.astimezone(ZoneInfo(zone)), application.version
        if local.date() != self.at.astimezone(ZoneInfo(zone)).date():
            about = {"moment": word_instant(application.changed_at, zone), "version": version}
            return _("Saved on %(moment)s, version %(version)s") % about
        about = {"time": f"{local:%H:%M:%S}", "place": place_of(zone), "version": version}
        return _("Saved at %(time)s %(place)s, version %(version)s") % about


def theme_names() -> Mapping[str, str]:
    """Every theme by its slug, in the reader's language."""
    return {theme.slug: str(theme) for theme in Theme.objects.all()}


def login_url(request: HttpRequest, page: str) -> str:
    """Where to log in, and come back to a page."""
    return f"{reverse('account_login')}?{urlencode({'next': page})}"


def address(name: str, *parts: str) -> str:
    return reverse(f"calls:{name}", args=parts)

"""Words of a draft: one text that decides, and everything in each language of the call."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from calls.models import CallText
from calls.queries.preflight.material import Material, Point, look, stop
from cooperation.web.languages import language_name
from partnerships.models.wording import localise

NEEDED = ("title", "summary", "body")  # fields of a text that every call page shows
SHOWN = 40  # characters of a question in a sentence
LISTED = 3  # things named in a sentence; the rest are counted
YEAR = re.compile(r"\b20[0-9]{2}\b")

# the part, the id of the page that settles it, a name to know it by, its words by language
Worded = tuple[str, str, str, Mapping[str, Any]]


def words(material: Material) -> Iterator[Point]:
    """Texts first, then everything that has words of its own."""
    if sum(text.authoritative for text in material.texts) != 1:
        yield stop("texts", _("Mark exactly one language version as authoritative."))
    yield from _texts(material)
    things = list(worded(material))
    for language in material.languages:
        yield from _missing(things, language, decides=language == material.decides)
    yield from _old_years(material)


def missing_fields(text: CallText | None, decisive: CallText | None) -> list[str]:
    """Fields of a language version that are blank although they are needed, or the decisive one has them."""
    optional = [name for name in ("with_whom", "money", "duration") if decisive and getattr(decisive, name)]
    wanted = [*NEEDED, *optional]
    return [name for name in wanted if text is None or not str(getattr(text, name)).strip()]


def field_name(name: str) -> str:
    """A field of a text as its form calls it."""
    found = next(field for field in CallText._meta.concrete_fields if field.name == name)
    return str(found.verbose_name)


def _texts(material: Material) -> Iterator[Point]:
    texts = {text.language: text for text in material.texts}
    decisive = texts.get(material.decides)
    for language in material.languages:
        about: dict[str, Any] = {"language": language_name(language)}
        missing = missing_fields(texts.get(language), decisive)
        if language not in texts:
            yield stop("texts", _("The text in %(language)s is missing.") % about, language)
        elif missing:
            about["fields"] = ", ".join(field_name(name) for name in missing)
            raise_it = stop if set(missing) & set(NEEDED) else look
            yield raise_it("texts", _("The text in %(language)s lacks: %(fields)s.") % about, language)


def worded(material: Material) -> Iterator[Worded]:
    """Everything that has words in each language: rules' clauses, the form, criteria, quotas, milestones."""
    for rule in material.rules:
        if rule.clauses:
            yield "rules", str(rule.pk), localise(rule.clauses), rule.clauses
    for section in material.sections:
        yield "form", "", localise(section.titles) or section.key, section.titles
        for question in section.questions.all():
            name = question.label or question.key
            yield "form", question.key, name, question.labels
            if question.hints:
                yield "form", question.key, _("hint of %(question)s") % {"question": name}, question.hints
            for option in options_of(question.options, question.settings):
                said = option.get("label") or option.get("labels") or {}
                yield "form", question.key, str(option.get("value", "")), said
    for criterion in material.criteria:
        name = localise(criterion.labels) or criterion.key
        yield "criteria", str(criterion.pk), name, criterion.labels
    for quota in material.quotas:
        yield "quotas", str(quota.pk), localise(quota.labels) or ", ".join(quota.countries), quota.labels
    for milestone in material.milestones:
        yield "milestones", str(milestone.pk), localise(milestone.labels) or milestone.key, milestone.labels
    for side in material.sides:
        yield "sides", str(side.pk), localise(side.labels) or side.key, side.labels


def options_of(options: Any, settings: Any) -> list[Mapping[str, Any]]:
    """A question's options, and those of the columns of a table."""
    lists = [options, *(settings.values() if isinstance(settings, dict) else ())]
    return [
        row
        for rows in lists
        if isinstance(rows, list)
        for row in rows
        if isinstance(row, dict) and row.get("value")
    ]


def _missing(things: Iterable[Worded], language: str, *, decides: bool) -> Iterator[Point]:
    """One point for each part: what lacks words in a language, the first few by name."""
    found: dict[str, list[tuple[str, str]]] = {}
    for part, which, name, said in things:
        if not str(said.get(language, "") if isinstance(said, Mapping) else "").strip():
            found.setdefault(part, []).append((which, name))
    for part, rows in found.items():
        raise_it = stop if decides and part != "rules" else look
        names = ", ".join(f"“{Truncator(name).chars(SHOWN)}”" for _which, name in rows[:LISTED])
        if (rest := len(rows) - LISTED) > 0:
            more = ngettext("%(count)s more", "%(count)s more", rest) % {"count": rest}
            names = f"{names}, {more}"
        about = {"language": language_name(language), "names": names}
        sentence = _("Not in %(language)s: %(names)s.") % about
        yield raise_it(part, sentence, rows[0][0])


def _old_years(material: Material) -> Iterator[Point]:
    """What the last round said of its own dates."""
    opens = material.call.day_of(material.call.opens_at).year
    if material.call.predecessor_id is None:
        return
    for text in material.texts:
        said = " ".join([text.title, text.summary, text.body])
        if years := sorted({year for year in YEAR.findall(said) if int(year) < opens}):
            about = {"language": language_name(text.language), "years": ", ".join(years)}
            sentence = _("The text in %(language)s mentions earlier years: %(years)s. Is that meant?")
            yield look("texts", sentence % about, text.language)

"""What an application says now that its newest submission does not: told before it is sent or taken back."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from calls.models import Application, Question, Section, Snapshot
from calls.queries.answers import anchor_of, is_blank, shown
from calls.queries.eligibility_wording import Vocabulary
from calls.queries.readiness import Readiness
from calls.queries.submission_content import parties_said, said_by
from calls.queries.table_columns import Parties
from partnerships.models.wording import localise


@dataclass(frozen=True)
class Change:
    """One thing that differs: what it is, as it was submitted, as it is now, and where to change it."""

    what: str
    before: str
    after: str
    url: str


def changes_since(
    application: Application, snapshot: Snapshot | None, readiness: Readiness, names: Vocabulary
) -> list[Change]:
    """Every answer, partner, document and consent that differs from a submission, in the form's order."""
    if snapshot is None:
        return []
    before, after = json.loads(snapshot.content), said_by(application, readiness)
    return [
        *_answers(application, before, after, readiness.sections, names),
        *_listed(_("Partner cities"), _partners(before), _partners(after), _page("partners", application)),
        *_consents(application, before["partners"], after["partners"]),
        *_listed(_("Documents"), _files(before), _files(after), application.get_absolute_url()),
    ]


def changes_between(
    before: Snapshot, after: Snapshot, names: Vocabulary, sections: Sequence[Section] | None = None
) -> list[Change]:
    """What differs between two submissions of one application, in the order of the later one's form.

    `sections` are the call's in all versions, where they are read already.
    """
    application = after.application
    was, now = json.loads(before.content), json.loads(after.content)
    if sections is None:
        sections = list(application.call.sections.prefetch_related("questions"))
    form = [section for section in sections if section.version == now["form_version"]]
    return [
        *_answers(application, was, now, form, names),
        *_listed(_("Partner cities"), _partners(was), _partners(now), ""),
        *_consents(application, was["partners"], now["partners"]),
        *_listed(_("Documents"), _files(was), _files(now), ""),
    ]


def _page(name: str, application: Application) -> str:
    return reverse(f"calls:{name}", args=[application.reference])


def _answers(
    application: Application,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    sections: Sequence[Section],
    names: Vocabulary,
) -> list[Change]:
    """Answers that are new, gone or different; a question that left the form keeps its own words."""
    was = {row["question"]: row for row in before["answers"]}
    now = {row["question"]: row for row in after["answers"]}
    parties = parties_said(before) | parties_said(after)
    asked = {row.key: (section, row) for section in sections for row in section.questions.all()}
    keys = [*asked, *(key for key in was if key not in asked)]
    return [
        _answer(application, asked.get(key), was.get(key), now.get(key), names, parties)
        for key in keys
        if (was.get(key) or {}).get("answer") != (now.get(key) or {}).get("answer")
    ]


def _answer(
    application: Application,
    asked: tuple[Section, Question] | None,
    was: Mapping[str, Any] | None,
    now: Mapping[str, Any] | None,
    names: Vocabulary,
    parties: Parties,
) -> Change:
    answers = [row["answer"] if row else None for row in (was, now)]
    if asked is None:
        before, after = ("" if is_blank(answer) else str(answer) for answer in answers)
        return Change(localise((was or now or {})["asked"]), before, after, application.get_absolute_url())
    section, question = asked
    before, after = (shown(question, answer, names.themes, parties) for answer in answers)
    page = reverse("calls:section", args=[application.reference, section.key])
    return Change(question.label, before, after, f"{page}#{anchor_of(question)}")


def _partners(said: Mapping[str, Any]) -> list[str]:
    return [row["name"] for row in said["partners"]]


def _files(said: Mapping[str, Any]) -> list[str]:
    return [row["name"] for row in said["documents"]]


def _listed(what: str, before: list[str], after: list[str], url: str) -> list[Change]:
    if before == after:
        return []
    return [Change(what, ", ".join(before), ", ".join(after), url)]


def _consents(
    application: Application, before: Iterable[Mapping[str, Any]], after: Iterable[Mapping[str, Any]]
) -> list[Change]:
    """Partners that were there before and answered differently since."""
    words = {
        "agreed": _("agreed to the text"),
        "reopened": _("agreed to an earlier text"),
        "declined": _("declined"),
        "change": _("proposes a change"),
        "invited": _("not answered yet"),
        "not_invited": _("not asked"),
    }
    was = {row["city"]: row["consent"] for row in before}
    return [
        Change(
            _("Consent of %(city)s") % {"city": row["name"]},
            words[was[row["city"]]["state"]],
            words[row["consent"]["state"]],
            _page("partners", application),
        )
        for row in after
        if row["city"] in was and was[row["city"]] != row["consent"]
    ]

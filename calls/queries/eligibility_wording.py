"""An assessment in the reader's words: the verdict, then each rule with its reason and remedy."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy

from calls.eligibility import Assessment, Finding, State, Topic, Verdict
from calls.queries.eligibility_reasons import word_reason
from calls.queries.eligibility_remedies import word_remedy
from calls.queries.eligibility_rules_in_words import word_rule
from calls.queries.eligibility_seen import word_seen
from calls.queries.eligibility_terms import (
    LONGEST_LIST,
    Vocabulary,
    any_country,
    listed,
)

__all__ = [
    "STATE_LABELS",
    "FindingText",
    "Vocabulary",
    "word_finding",
    "word_rule",
    "word_seen",
    "word_verdict",
]

STATE_LABELS = {
    State.PASS: pgettext_lazy("eligibility", "Met"),
    State.FAIL: pgettext_lazy("eligibility", "Not met"),
    State.WARNING: pgettext_lazy("eligibility", "Caution"),
    State.UNKNOWN: pgettext_lazy("eligibility", "To answer"),
    State.WAIVED: pgettext_lazy("eligibility", "Waived"),
}


@dataclass(frozen=True)
class FindingText:
    """One finding, ready to show. `headline` is the rule; `reason`, `source` and `remedy` may be empty.

    `source` says where the value seen comes from, `on` the day it was held against the rule, `topic` the part
    of the application beside which it is shown.
    """

    state: State
    state_label: str
    headline: str
    reason: str
    seen: str
    source: str
    remedy: str
    on: date | None = None
    topic: Topic | None = None


def word_finding(finding: Finding, names: Vocabulary | None = None) -> FindingText:
    """The finding in the reader's language. A waived rule gives its waiver as the reason."""
    names = names or Vocabulary()
    waived = finding.state is State.WAIVED
    sources = [row.get("source", "") for row in finding.seen.get("cities", [])]
    return FindingText(
        state=finding.state,
        state_label=str(STATE_LABELS[finding.state]),
        headline=word_rule(finding.rule, names),
        reason=finding.waiver if waived else word_reason(finding.message, names),
        seen=word_seen(finding.seen, names),
        source=listed(list(dict.fromkeys(filter(None, sources)))),
        remedy="" if waived else word_remedy(finding.remedy, names),
        on=finding.on,
        topic=finding.topic,
    )


def word_verdict(assessment: Assessment, lead_name: str, partner_names: Sequence[str] = ()) -> str:
    """The verdict in one or two sentences, e.g. "Ale can apply with a partner in one of 19 countries."."""
    who = {"lead": lead_name, "partners": listed(partner_names)}
    if not lead_name:
        return _("Choose a city to see whether it can apply.")
    if assessment.verdict is Verdict.NOT_ELIGIBLE:
        return _not_eligible(assessment, who)
    if assessment.verdict is Verdict.INCOMPLETE:
        return _incomplete(assessment, who)
    opening = _("%(lead)s can apply with %(partners)s.") if partner_names else _("%(lead)s can apply.")
    if not (cautions := assessment.tally[State.WARNING]):
        return opening % who
    caution = ngettext("%(count)s rule asks for caution.", "%(count)s rules ask for caution.", cautions)
    return f"{opening % who} {caution % {'count': cautions}}"


def _not_eligible(assessment: Assessment, who: Mapping[str, str]) -> str:
    failures = assessment.of_state(State.FAIL)
    if assessment.partner_cures and who["partners"]:
        opening = _("%(lead)s cannot apply with %(partners)s.") % who
        return " ".join([opening, _("Another choice of partners would change that.")])
    excluded = any(finding.lead_only for finding in failures)
    if excluded:
        text = ngettext(
            "%(lead)s cannot lead this application: %(count)s rule is not met.",
            "%(lead)s cannot lead this application: %(count)s rules are not met.",
            len(failures),
        )
    elif who["partners"]:
        text = ngettext(
            "Not yet. %(lead)s can apply with %(partners)s once %(count)s more rule is met.",
            "Not yet. %(lead)s can apply with %(partners)s once %(count)s more rules are met.",
            len(failures),
        )
    else:
        text = ngettext(
            "Not yet. %(lead)s can apply once %(count)s more rule is met.",
            "Not yet. %(lead)s can apply once %(count)s more rules are met.",
            len(failures),
        )
    sentence = text % {**who, "count": len(failures)}
    # Who cannot lead is not bothered with what else is open.
    return sentence if excluded else _and_open(sentence, assessment.tally[State.UNKNOWN])


def _incomplete(assessment: Assessment, who: Mapping[str, str]) -> str:
    waiting = [f for f in assessment.of_state(State.UNKNOWN) if f.message.code == "partner_missing"]
    left = assessment.tally[State.UNKNOWN]
    if waiting and not who["partners"]:
        return _and_open(_with_some_partner(waiting, who), left - len(waiting))
    if who["partners"]:
        text = ngettext(
            "%(lead)s can apply with %(partners)s once %(count)s open point is settled.",
            "%(lead)s can apply with %(partners)s once %(count)s open points are settled.",
            left,
        )
    else:
        text = ngettext(
            "%(lead)s can apply once %(count)s open point is settled.",
            "%(lead)s can apply once %(count)s open points are settled.",
            left,
        )
    return text % {**who, "count": left}


def _and_open(opening: str, count: int) -> str:
    """The opening, and how many points are open besides."""
    if not count:
        return opening
    text = ngettext("%(count)s point is still open.", "%(count)s points are still open.", count)
    return f"{opening} {text % {'count': count}}"


def _with_some_partner(waiting: Sequence[Finding], who: Mapping[str, str]) -> str:
    """Before a partner is chosen: the countries that every rule leaves to choose from."""
    remedies = [
        f.remedy.params["countries"] for f in waiting if f.remedy and f.remedy.code == "choose_partner_in"
    ]
    if not remedies:
        return _("%(lead)s can apply with a partner.") % who
    countries = min(remedies, key=len)
    count = len(countries)
    if count <= LONGEST_LIST:
        return _("%(lead)s can apply with a partner in %(countries)s.") % {
            **who,
            "countries": any_country(countries),
        }
    text = ngettext(
        "%(lead)s can apply with a partner in %(count)s country.",
        "%(lead)s can apply with a partner in one of %(count)s countries.",
        count,
    )
    return text % {**who, "count": count}

"""Rules about single documents: who signed, in which language, until when they may follow."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from calls.eligibility.facts import Facts, Paper
from calls.eligibility.kind import Judgement, Kind, deadline_missing, fact_missing, met, partner_missing
from calls.eligibility.parameters import a_date, day, days, flag, languages, or_empty, or_none, slug, slugs
from calls.eligibility.rule import Message, State, Topic


class SignedDocument(Kind):
    """A document with its signatory and language, which may follow some days after the deadline.

    Mercociudades: a letter signed by the highest authority of each institution that applies.
    """

    expects = {
        "document": slug,
        "from_each_party": flag,
        "signatory": or_none(slug),
        "languages": or_empty(languages),
        "days_later": days,
    }
    topic = Topic.DOCUMENTS

    @property
    def asks(self) -> tuple[str, ...]:
        """The parties matter where each has its own, the deadline where a document may follow."""
        parties = ("lead", "partners") if self.parameters["from_each_party"] else ()
        later = ("call_deadline",) if self.parameters["days_later"] else ()
        return (*parties, f"papers:{self.parameters['document']}", *later)

    def judge(self, facts: Facts) -> Judgement:
        """What is missing fails on the day after its own due date, and not before."""
        document, each = self.parameters["document"], self.parameters["from_each_party"]
        if each and not facts.partners:
            return partner_missing(Message("add_partners", {"count": 1}))
        if facts.papers is None:
            add = Message("add_signed", self._about([], 1))
            return Judgement(State.UNKNOWN, {}, Message("document_not_seen", {"document": document}), add)
        if each and facts.lead is None:
            return fact_missing("lead")
        papers = [paper for paper in facts.papers if paper.document == document]
        seen = {"documents": len(papers)}
        owners: list[str | None] = [*dict.fromkeys(city.name for city in facts.parties)] if each else [None]
        has = [(owner, self._has(papers, owner)) for owner in owners]
        if missing := [owner for owner, found in has if found is False]:
            return self._missing([owner for owner in missing if owner], len(missing), facts, seen)
        if any(found is None for _owner, found in has):
            about = {"document": document}
            return Judgement(
                State.UNKNOWN, seen, Message("paper_unread", about), Message("describe_document", about)
            )
        return met(seen)

    def _has(self, papers: list[Paper], owner: str | None) -> bool | None:
        fits = [self._fits(paper, owner) for paper in papers]
        return True if True in fits else None if None in fits else False

    def _fits(self, paper: Paper, owner: str | None) -> bool | None:
        signatory = self.parameters["signatory"]
        wanted = (
            (paper.party, [owner] if owner else []),
            (paper.signatory_function, [signatory] if signatory else []),
            (paper.language, self.parameters["languages"]),
        )
        asked = [(found, allowed) for found, allowed in wanted if allowed]
        if any(found and found not in allowed for found, allowed in asked):
            return False
        return None if any(not found for found, _allowed in asked) else True

    def _missing(self, owners: list[str], count: int, facts: Facts, seen: dict[str, Any]) -> Judgement:
        later = self.parameters["days_later"]
        if later and facts.call_deadline is None:
            return deadline_missing(seen)
        about = self._about(owners, count)
        due = facts.call_deadline + timedelta(days=later) if later and facts.call_deadline else None
        if due and facts.on <= due:
            about["due_on"] = due.isoformat()
            code = Message("document_due_later", about)
            return Judgement(State.UNKNOWN, seen, code, Message("hand_in_by", about), on=due)
        return Judgement(
            State.FAIL, seen, Message("paper_missing", about), Message("add_signed", about), on=due
        )

    def _about(self, owners: list[str], count: int) -> dict[str, Any]:
        asked = {key: self.parameters[key] for key in ("document", "signatory", "languages")}
        return {**asked, "parties": owners, "count": count}


class CouncilResolution(Kind):
    """The lead shows a decision of its council, or an agreement already signed."""

    expects = {"accepted": slugs, "signed_by": or_none(a_date)}
    topic = Topic.DOCUMENTS

    @property
    def asks(self) -> tuple[str, ...]:
        """Any of the documents accepted."""
        return tuple(f"papers:{document}" for document in self.parameters["accepted"])

    def judge(self, facts: Facts) -> Judgement:
        """One document signed in time is enough."""
        about = {"accepted": self.parameters["accepted"], "signed_by": self.parameters["signed_by"]}
        show = Message("show_decision", about)
        if facts.papers is None:
            return Judgement(State.UNKNOWN, {}, Message("decision_not_seen", about), show)
        papers = [paper for paper in facts.papers if paper.document in self.parameters["accepted"]]
        seen = {"papers": [_dated(paper) for paper in papers]} if papers else {"documents": 0}
        last = day(self.parameters["signed_by"])
        fits = [_in_time(paper, last) for paper in papers]
        if True in fits:
            return Judgement(State.PASS, seen, Message("met"), on=last)
        if None in fits:
            return Judgement(State.UNKNOWN, seen, Message("decision_undated", about), show, on=last)
        missing = Message("decision_late", about) if papers else Message("decision_missing", about)
        return Judgement(State.FAIL, seen, missing, show, on=last)


def _in_time(paper: Paper, last: date | None) -> bool | None:
    if last is None:
        return True
    return None if paper.signed_on is None else paper.signed_on <= last


def _dated(paper: Paper) -> dict[str, Any]:
    return {"document": paper.document, "signed_on": paper.signed_on and paper.signed_on.isoformat()}

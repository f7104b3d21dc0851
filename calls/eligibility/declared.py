"""Rules the portal cannot see by itself: answers and documents the applicant gives."""

from __future__ import annotations

from calls.eligibility.facts import Facts
from calls.eligibility.kind import Judgement, Kind, fact_missing, failed, met, partner_missing
from calls.eligibility.parameters import flag, slug
from calls.eligibility.rule import Message, State, Topic


class Declared(Kind):
    """The applicant says yes to a fact the portal does not keep (ICLD: the planning tool is completed).

    With `evidence` a yes counts once something is named that shows it.
    """

    expects = {"fact": slug, "evidence": flag}
    optional = frozenset({"evidence"})
    topic = Topic.PROJECT

    @property
    def asks(self) -> tuple[str, ...]:
        """The question, and what shows the answer."""
        fact = self.parameters["fact"]
        evidence = (f"evidence:{fact}",) if self.parameters.get("evidence") else ()
        return (f"declared:{fact}", *evidence)

    def judge(self, facts: Facts) -> Judgement:
        """Open until somebody answers."""
        about = {"fact": self.parameters["fact"]}
        answer = facts.declared.get(about["fact"])
        if answer is None:
            return Judgement(
                State.UNKNOWN, {}, Message("not_answered", about), Message("answer_question", about)
            )
        evidence = facts.evidence.get(about["fact"], "")
        seen = {"answer": answer, "evidence": evidence}
        if answer and self.parameters.get("evidence") and not evidence:
            return Judgement(
                State.UNKNOWN, seen, Message("evidence_missing", about), Message("name_evidence", about)
            )
        if answer:
            return met(seen)
        return failed(seen, Message("declared_no", about), Message("settle_first", about))


class DocumentRequired(Kind):
    """A document is attached, once or by each party (Mercociudades: a letter from each institution)."""

    expects = {"document": slug, "from_each_party": flag}
    topic = Topic.DOCUMENTS

    @property
    def asks(self) -> tuple[str, ...]:
        """The parties matter where each has its own."""
        parties = ("lead", "partners") if self.parameters["from_each_party"] else ()
        return (*parties, f"documents:{self.parameters['document']}")

    def judge(self, facts: Facts) -> Judgement:
        """Counts the documents of the sort; who signed them is seen by the people who screen."""
        document, each = self.parameters["document"], self.parameters["from_each_party"]
        found = facts.documents.get(document)
        seen = {} if found is None else {"documents": found}
        add = Message("add_document", {"document": document, "count": 1})
        if each and not facts.partners:
            return partner_missing(Message("add_partners", {"count": 1}), seen)
        if found is None:
            return Judgement(State.UNKNOWN, seen, Message("document_not_seen", {"document": document}), add)
        if each and facts.lead is None:
            return fact_missing("lead", seen)
        needed = len(facts.parties) if each else 1
        if found >= needed:
            return met(seen)
        about = {"document": document, "found": found, "needed": needed}
        add = Message("add_document", {"document": document, "count": needed - found})
        return failed(seen, Message("document_missing", about), add)

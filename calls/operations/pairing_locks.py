"""Locks of pairing: whoever changes what is proposed, answered or asked for again goes one by one.

A proposal ties several applications, and an answer to one proposal lets the others be paired anew. Locking
row by row, a withdrawal (which begins at its own application), an answer (which needs all applications of
its proposal) and a run being kept (which refers to all of them) would wait for each other in a circle; and
two declines at once would each freeze a run that does not know the other. So the lock of the call's pairing
comes first, then the applications by id, then the proposal. Who locks only one application needs none.
"""

from django.db import connection

from calls.models import Application, Proposal, ProposedCity

PAIRING = 7_312_004  # the first half of the key; the second is the call


def lock_pairing(call_id: int) -> None:
    """Wait until nobody else changes the pairing of a call, then hold it. Before any other lock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [PAIRING, call_id])


def lock_proposal(proposal: Proposal) -> Proposal:
    """A proposal with its call's pairing and its applications locked; read with its places afresh."""
    rows = Proposal.objects.select_for_update(of=("self",)).select_related("run__call__programme")
    lock_pairing(Proposal.objects.values_list("run__call_id", flat=True).get(pk=proposal.pk))
    ids = ProposedCity.objects.filter(proposal=proposal).values("application")
    list(Application.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk"))
    return rows.prefetch_related(
        "places__application__lead__city",
        "places__application__created_by",
        "places__answered_by",
        "places__application__partners__city",
        "run__call__texts",
    ).get(pk=proposal.pk)

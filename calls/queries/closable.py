"""Applications whose reviews can be closed: enough sheets are finished and nobody still owes one."""

from calls.models import Application, Call
from calls.models.application import ApplicationQuerySet
from calls.queries.waiting import all_finished


def closable(call: Call) -> ApplicationQuerySet:
    """Under review, with as many finished sheets as the call wants and nobody assigned still to finish."""
    return all_finished(Application.objects.filter(call=call)).order_by("reference")

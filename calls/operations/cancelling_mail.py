"""The letter that a call is cancelled: one to each address, in its language, with the reason."""

from collections.abc import Iterable, Iterator

from django.utils.translation import override

from calls.models import Amendment
from calls.queries.concerned import Concerned, Part
from cooperation.notifications.operations import Letter

CANCELLED = "call_cancelled"


def letters_of_cancellation(amendment: Amendment, people: Iterable[Concerned]) -> Iterator[Letter]:
    """One letter to each; what it says to do next depends on what they have to do with the call."""
    call = amendment.call
    for one in people:
        with override(one.language):
            path = call.get_absolute_url()
            if one.part == Part.APPLICANT and len(one.applications) == 1:
                path = one.applications[0].get_absolute_url()
        yield Letter(
            key=f"{CANCELLED}:{call.pk}:{one.key}",
            kind=CANCELLED,
            reader=one.reader,
            recipient=one.email,
            language=one.language,
            template="calls/mail/call_cancelled.txt",
            context={
                "amendment": amendment,
                "call": call,
                "part": one.part.value,
                "applications": one.applications,
            },
            about={"call": call.pk},
            path=path,
        )

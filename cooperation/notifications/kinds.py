"""Every kind of message in one registry: its topic, whether it may come twice, whether it may wait."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from cooperation.notifications.models import Message
    from cooperation.notifications.operations import Letter

Relevance = Callable[[Mapping[str, Any], datetime], bool]
# Words what was posted without a text, when it is sent; None: it has become pointless.
Composer = Callable[["Message", datetime], "Letter | None"]


class Topic(models.TextChoices):
    """What a message is about, as a reader chooses. OWN answers what the reader does: always mailed."""

    OWN = "own", _("Receipts, decisions, invitations and what waits for your answer")
    DEADLINES = "deadlines", _("Reminders of deadlines")
    CALLS = "calls", _("News of the calls you write for")
    REVIEWS = "reviews", _("Reviews assigned to you")
    SEARCH = "search", _("Partner search")
    PARTNERSHIPS = "partnerships", _("Your partnerships")
    CITY = "city", _("The pages of your city")
    ALERTS = "alerts", _("Alerts of saved searches")


@dataclass(frozen=True)
class Kind:
    """What holds for all messages of a kind.

    `twice`: after a failure in mid-sending it is sent again with the same Message-ID, since missing it would
    be worse; otherwise it is shown as uncertain. `quiet`: it waits for the end of the reader's quiet hours.
    `matters` is asked just before sending. `compose` words what was posted without a text.
    """

    name: str
    topic: Topic
    twice: bool = False
    quiet: bool = False
    matters: Relevance | None = None
    compose: Composer | None = None

    @property
    def optional(self) -> bool:
        """Whether the reader may have it in a digest or in the portal only."""
        return self.topic != Topic.OWN


KINDS: dict[str, Kind] = {}


def register_kind(kind: Kind) -> None:
    """Add a kind, in AppConfig.ready of the app that posts it. Raises ValueError for a name used twice."""
    if KINDS.setdefault(kind.name, kind) != kind:
        raise ValueError(f"the kind {kind.name} is registered already")


def kind_of(name: str) -> Kind:
    """The registered kind; one that nobody registered is the reader's own and comes at most once."""
    return KINDS.get(name) or Kind(name, Topic.OWN)

"""Ideas on the public board: published, changed, renewed, completed, taken back, taken down by staff."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from celery import current_app
from django.db import connection, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from cooperation.accounts.access import require_staff
from cooperation.accounts.models import User
from partnerships.access import require_writer_for
from partnerships.models import Idea, Organisation, Theme
from partnerships.models.search import STANDS_FOR
from partnerships.operations.refusals import ChangedMeanwhile, NotPossible

# Any number: two ideas of one name published at once get two addresses.
LOCK = 20_261_125


@dataclass(frozen=True)
class IdeaText:
    """What an idea says. `countries` are ISO codes, empty for anywhere; `themes` are slugs."""

    language: str
    title: str
    wants: str
    seeks: str
    themes: tuple[str, ...]
    languages: tuple[str, ...]
    brings: str = ""
    countries: tuple[str, ...] = ()
    partners_wanted: int = 1

    def fields(self) -> Mapping[str, Any]:
        return {
            "language": self.language,
            "title": self.title,
            "wants": self.wants,
            "brings": self.brings,
            "seeks": self.seeks,
            "countries": list(self.countries),
            "languages": list(self.languages),
            "partners_wanted": self.partners_wanted,
        }


@transaction.atomic
def publish_idea(*, organisation: Organisation, text: IdeaText, by: User, at: datetime) -> Idea:
    """Put an idea on the board, for a year. Raises NotAllowed, and NotPossible for a body without a city."""
    require_writer_for(by, organisation)
    if organisation.city is None:
        raise NotPossible(
            _("%(name)s belongs to no city here. Ask staff to name its city first.") % {"name": organisation}
        )
    idea = Idea.objects.create(
        slug=_free_address(f"{text.title} {organisation.city.name}"),
        organisation=organisation,
        stands_until=(at + STANDS_FOR).date(),
        published_at=at,
        published_by=by,
        changed_at=at,
        **text.fields(),
    )
    idea.themes.set(_known(text.themes))
    _refresh_suggestions()
    return idea


@transaction.atomic
def change_idea(*, idea: Idea, text: IdeaText, version: int, by: User, at: datetime) -> Idea:
    """Change what an idea says. Raises NotAllowed, NotPossible, ChangedMeanwhile."""
    current = _locked(idea, by)
    if current.withdrawn_at or current.hidden_at:
        raise NotPossible(_("This idea is off the board and read only."))
    if current.version != version:
        raise ChangedMeanwhile(_("Somebody else changed this idea while you were writing."), current)
    fields = text.fields()
    for name, value in fields.items():
        setattr(current, name, value)
    current.themes.set(_known(text.themes))
    _refresh_suggestions()
    return _saved(current, at, *fields)


@transaction.atomic
def complete_idea(*, idea: Idea, by: User, at: datetime) -> Idea:
    """Say that enough partners are found; the idea stays readable and takes no more interest."""
    current = _locked(idea, by)
    if not current.is_seeking(at.date()):
        raise NotPossible(_("This idea seeks nobody any more."))
    current.completed_at = at
    return _saved(current, at, "completed_at")


@transaction.atomic
def renew_idea(*, idea: Idea, by: User, at: datetime) -> Idea:
    """Seek partners again, for another year: after it was complete, taken back, or its year went by."""
    current = _locked(idea, by)
    if current.hidden_at:
        raise NotPossible(_("Staff took this idea down. Ask them before you publish it again."))
    current.completed_at = current.withdrawn_at = None
    current.stands_until = (at + STANDS_FOR).date()
    return _saved(current, at, "completed_at", "withdrawn_at", "stands_until")


@transaction.atomic
def withdraw_idea(*, idea: Idea, by: User, at: datetime) -> Idea:
    """Take an idea off the board; its own people go on reading it."""
    current = _locked(idea, by)
    if current.withdrawn_at or current.hidden_at:
        raise NotPossible(_("This idea is off the board already."))
    current.withdrawn_at = at
    return _saved(current, at, "withdrawn_at")


@transaction.atomic
def take_down_idea(*, idea: Idea, reason: str, by: User, at: datetime) -> Idea:
    """Staff take an idea down that does not belong on the board; its people read the reason."""
    require_staff(by)
    if not reason.strip():
        raise NotPossible(_("Say why: the city reads the reason."))
    current = Idea.objects.select_for_update().get(pk=idea.pk)
    if current.hidden_at:
        raise NotPossible(_("This idea is taken down already."))
    current.hidden_at, current.hidden_by, current.hidden_reason = at, by, reason.strip()
    return _saved(current, at, "hidden_at", "hidden_by", "hidden_reason")


@transaction.atomic
def put_back_idea(*, idea: Idea, by: User, at: datetime) -> Idea:
    """Show again what was taken down."""
    require_staff(by)
    current = Idea.objects.select_for_update().get(pk=idea.pk)
    if not current.hidden_at:
        raise NotPossible(_("This idea is not taken down."))
    current.hidden_at, current.hidden_by, current.hidden_reason = None, None, ""
    return _saved(current, at, "hidden_at", "hidden_by", "hidden_reason")


def _locked(idea: Idea, by: User) -> Idea:
    current = Idea.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=idea.pk)
    require_writer_for(by, current.organisation)
    return current


def _saved(idea: Idea, at: datetime, *fields: str) -> Idea:
    idea.version += 1
    idea.changed_at = at
    idea.save(update_fields=["version", "changed_at", *fields])
    return idea


def _refresh_suggestions() -> None:
    """Who else would fit is computed by a worker; one that is lost is made up for within the hour."""
    transaction.on_commit(
        lambda: current_app.send_task("partnerships.refresh_suggestions", retry=False, expires=600),
        robust=True,
    )


def _known(slugs: Iterable[str]) -> Iterable[Theme]:
    return Theme.objects.filter(slug__in=list(slugs))


def _free_address(wish: str) -> str:
    base = slugify(wish)[:100].strip("-") or "idea"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    taken = set(Idea.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    candidates = (base, *(f"{base}-{number}" for number in range(2, len(taken) + 3)))
    return next(slug for slug in candidates if slug not in taken)

"""Documents of a partnership: looked into first, kept under a random name, then written down."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cooperation.accounts.access import NotAllowed
from cooperation.accounts.models import User
from cooperation.documents import Clean, Limits, Sort, inspect
from cooperation.jobs.scanned import to_be_scanned
from cooperation.web.files import discard, keep
from partnerships.access import require_seat
from partnerships.models import Paper, Partnership
from partnerships.operations.refusals import NotPossible
from partnerships.operations.stages import lock

MOST_PAPERS = 200  # files of one partnership, all versions
ACCEPTED = tuple(Sort)
GONE = gettext_lazy("Somebody replaced or took out this document meanwhile. Look at the list.")


@dataclass(frozen=True)
class Upload:
    """A file as it was sent: what the sender calls it, and its bytes."""

    name: str
    data: bytes


def inspected(upload: Upload) -> Clean:
    """The file as it would be kept. Raises Refused (cooperation.documents) for what it is."""
    limits = Limits(bytes=settings.UPLOAD_MAX_BYTES)
    return inspect(upload.data, upload.name, allowed=ACCEPTED, limits=limits)


def add_paper(
    *,
    partnership: Partnership,
    title: str,
    upload: Upload,
    public: bool,
    by: User,
    at: datetime,
    replaces: Paper | None = None,
) -> Paper:
    """Keep a document, or the next version of one. The same bytes again are the version there is.

    Raises Refused for what the file is, NotAllowed, NotPossible, NotKept; then nothing is kept.
    """
    require_seat(by, partnership)
    clean = inspected(upload)
    path = keep(clean.data)
    try:
        paper = _write_down(partnership, title, clean, path, public, replaces, by, at)
    except (NotAllowed, NotPossible):
        discard(path)
        raise
    if paper.path != path:
        discard(path)
    return paper


@transaction.atomic
def _write_down(
    partnership: Partnership,
    title: str,
    clean: Clean,
    path: str,
    public: bool,
    replaces: Paper | None,
    by: User,
    at: datetime,
) -> Paper:
    current = lock(partnership)
    require_seat(by, current)
    if replaces:
        replaces = current.papers.newest().filter(pk=replaces.pk).first()
        if replaces is None:
            raise NotPossible(GONE)
    known = [replaces] if replaces else current.papers.newest().filter(title=title)
    if same := next((row for row in known if row.sha256 == clean.sha256), None):
        return same
    paper = new_paper(current, title, clean, path, by, at)
    paper.public, paper.replaces = public, replaces
    paper.number = replaces.number + 1 if replaces else 1
    paper.save()
    return paper


def new_paper(partnership: Partnership, title: str, clean: Clean, path: str, by: User, at: datetime) -> Paper:
    """A paper that is not saved yet, of a LOCKED partnership. Raises NotPossible when there is no room."""
    if partnership.papers.count() >= MOST_PAPERS:
        raise NotPossible(
            _("A partnership keeps at most %(count)s files, all versions together.") % {"count": MOST_PAPERS}
        )
    return Paper(
        partnership=partnership,
        title=title,
        name=clean.name,
        path=path,
        media_type=clean.media_type,
        size=len(clean.data),
        sha256=clean.sha256,
        pages=clean.pages,
        uploaded_at=at,
        uploaded_by=by,
        **to_be_scanned(at),
    )


@transaction.atomic
def show_paper(*, paper: Paper, public: bool, by: User, at: datetime) -> Paper:
    """Show a document to everybody, or to the members alone. Raises NotAllowed, NotPossible."""
    current = _fresh(paper, by)
    current.public = public
    current.save(update_fields=["public"])
    return current


@transaction.atomic
def take_out_paper(*, paper: Paper, by: User, at: datetime) -> Paper:
    """Take a document out with its earlier versions. The record stays; the files stay with it.

    Raises NotAllowed, NotPossible.
    """
    current = _fresh(paper, by)
    rows = [current]
    while earlier := rows[-1].replaces:
        rows.append(earlier)
    for row in rows:
        row.removed_at, row.removed_by = at, by
        row.save(update_fields=["removed_at", "removed_by"])
    return current


def _fresh(paper: Paper, by: User) -> Paper:
    partnership = lock(paper.partnership)
    require_seat(by, partnership)
    current = partnership.papers.newest().filter(pk=paper.pk).first()
    if current is None:
        raise NotPossible(GONE)
    return current

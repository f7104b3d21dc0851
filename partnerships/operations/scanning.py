"""Files of partnerships before the virus scanner; their page says what was found."""

from datetime import datetime

from cooperation.jobs.scanning import Source, register_scanned
from partnerships.models import Paper


def nobody(paper: Paper, at: datetime) -> None:
    """The members see it on the page of their documents."""


def register() -> None:
    """Called once, when the applications are ready."""
    register_scanned("papers", Source(Paper.objects.all, nobody))

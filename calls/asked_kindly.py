"""Experts read what other cities wrote: they are asked for a second factor at each log-in, and not forced."""

from typing import Any

from allauth.account.signals import user_logged_in
from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from calls.queries.my_reviews import is_reviewer
from cooperation.accounts.factors import has_factor
from cooperation.accounts.models import User


def register() -> None:
    """Hear of every log-in."""
    user_logged_in.connect(_ask, dispatch_uid="calls.asked_kindly")


def _ask(request: HttpRequest, user: User, **kwargs: Any) -> None:
    if user.is_staff or not is_reviewer(user) or has_factor(user):
        return
    words = _("You review applications of other cities. Keep them safe: set up a second factor.")
    messages.info(request, words)

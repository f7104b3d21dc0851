"""What the purpose-built staff pages of partnerships share."""

from collections.abc import Mapping
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.template.response import TemplateResponse

from cooperation.accounts.models import User


def person(request: HttpRequest) -> User:
    """Who works here. The admin site lets only staff in."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def staff_page(
    request: HttpRequest, template: str, context: Mapping[str, Any], *, status: int = 200
) -> TemplateResponse:
    """A page inside the admin site."""
    return TemplateResponse(request, template, {**admin.site.each_context(request), **context}, status=status)

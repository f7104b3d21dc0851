"""What the account pages ask about second factors."""

from urllib.parse import quote

from django import template
from django.http import HttpRequest

from cooperation.accounts import kept
from cooperation.accounts.factors import needs_factor
from cooperation.accounts.models import User

register = template.Library()


@register.filter
def must_have_factor(user: User) -> bool:
    """Whether staff pages open to this person only with a second factor."""
    return user.is_authenticated and needs_factor(user)


@register.filter
def something_waits(request: HttpRequest) -> bool:
    """Whether something was kept while the portal asked."""
    return kept.is_kept(request)


@register.filter
def as_text_file(codes: list[str]) -> str:
    """The recovery codes as the address of a file that the page itself holds: no server keeps it."""
    return "data:text/plain;charset=utf-8," + quote("\r\n".join(codes) + "\r\n")


@register.filter
def grouped(code: str) -> str:
    """Letters and digits in groups of four, as people read and type them."""
    return " ".join(code[start : start + 4] for start in range(0, len(code), 4))

"""What every page says of the reader's messages."""

from django import template
from django.utils.formats import number_format

from cooperation.notifications.authentication import MOST_COUNTED

register = template.Library()


@register.filter
def capped(number: int | str | None) -> str:
    """A number of unread messages as it is shown: nothing beyond "99+", and empty where it is not known."""
    if not isinstance(number, int):
        return ""
    return number_format(number) if number < MOST_COUNTED else f"{MOST_COUNTED - 1}+"

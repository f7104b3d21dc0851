"""What became of a programme's calls."""

from django.db.models import Count

from calls.models import Programme
from partnerships.models import Partnership
from partnerships.models.city import fold


def led_to(programme: Programme) -> int:
    """How many partnerships carry this programme's name: one query.

    A partnership keeps the name it was founded or recorded under, in any language and often shortened
    ("South-South Cooperation Programme"), so a name that contains the other counts as the same.
    """
    names = [fold(name) for name in programme.names.values() if name]
    rows = Partnership.objects.exclude(programme="").order_by().values_list("programme")
    counted = [(fold(text), number) for text, number in rows.annotate(number=Count("pk"))]
    return sum(number for text, number in counted if any(text in name or name in text for name in names))

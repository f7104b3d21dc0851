"""Narrowing the outbox by what a message is about, and by its kind."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from cooperation.notifications.kinds import KINDS, Topic
from cooperation.notifications.models import Message


class TopicFilter(admin.SimpleListFilter):
    title = _("topic")
    parameter_name = "topic"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(topic.value, str(topic.label)) for topic in Topic]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Message]) -> QuerySet[Message]:
        if self.value() not in Topic.values:
            return queryset
        return queryset.filter(kind__in=[kind.name for kind in KINDS.values() if kind.topic == self.value()])


class KindFilter(admin.SimpleListFilter):
    """The kinds that are registered: asking the table for them would read all of it."""

    title = _("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(name, name) for name in sorted(KINDS)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Message]) -> QuerySet[Message]:
        return queryset.filter(kind=self.value()) if self.value() in KINDS else queryset

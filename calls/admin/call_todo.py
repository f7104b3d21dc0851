"""The work queues of calls as a filter of their list, so that the first page can link to each."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from calls.admin.pages import person
from calls.queries.clock import database_now
from calls.queries.staff_calls import CALL_QUEUES


class CallTodoFilter(admin.SimpleListFilter):
    title = _("to do")
    parameter_name = "todo"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(key, str(queue.label)) for key, queue in CALL_QUEUES.items()]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet:
        queue = CALL_QUEUES.get(self.value() or "")
        return queue.of(queryset, person(request), database_now()) if queue else queryset

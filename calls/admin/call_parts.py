"""The parts of a call in Django's own forms: writable while the call is a draft."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from calls.admin.pages import StaffAdmin, sets_up_calls
from calls.admin.programmes import SetupMixin
from calls.forms.setup import CutOffForm, TextFormSet
from calls.forms.wall_time import WallTimePair
from calls.models import Amendment, CallText, Criterion, CutOff, Milestone, Question, Quota, Section
from calls.models.call import Editorial


class DraftInline(SetupMixin, admin.StackedInline):
    """Parts of a call: writable while the call is a draft."""

    extra = 0
    classes = ["collapse"]

    def _writable(self, request: HttpRequest, obj: Any) -> bool:
        call = obj.call if isinstance(obj, Section) else obj
        return sets_up_calls(request) and (call is None or call.editorial == Editorial.DRAFT)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.is_staff

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._writable(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._writable(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._writable(request, obj)


class TextInline(DraftInline):
    model = CallText
    formset = TextFormSet


class QuotaInline(DraftInline):
    model = Quota


class MilestoneInline(DraftInline):
    model = Milestone


class CutOffInline(DraftInline):
    model = CutOff
    form = CutOffForm

    def formfield_for_dbfield(self, db_field: models.Field, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "at":
            kwargs["form_class"] = WallTimePair
        return super().formfield_for_dbfield(db_field, request, **kwargs)


class CriterionInline(DraftInline):
    model = Criterion


class SectionInline(DraftInline):
    """The form of a draft. A published one has its own page, with all its versions."""

    model = Section
    exclude = ["version"]
    show_change_link = True


class QuestionInline(DraftInline):
    model = Question


class AmendmentInline(DraftInline):
    """What was published is read; the amendment page writes the next one."""

    model = Amendment

    def _writable(self, request: HttpRequest, obj: Any) -> bool:
        return False


@admin.register(Section)
class SectionAdmin(SetupMixin, StaffAdmin):
    """A section of a draft call's form, with its questions."""

    list_display = ["key", "call_shown", "position"]
    search_fields = ["key", "call__slug"]
    fields = ["key", "titles", "position"]
    inlines = [QuestionInline]
    actions = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[Section]:
        return super().get_queryset(request).select_related("call").prefetch_related("call__texts")

    @admin.display(description=gettext_lazy("call"), ordering="call_id")
    def call_shown(self, row: Section) -> str:
        return row.call.title

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return sets_up_calls(request) and (obj is None or obj.call.editorial == Editorial.DRAFT)

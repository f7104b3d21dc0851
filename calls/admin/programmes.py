"""Programmes, as they are set up by hand."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from calls.admin.pages import StaffAdmin
from calls.forms.setup import ZoneCheck, json_field_of
from calls.models import Programme
from cooperation.web.admin_input import CarefulInput


class SetupMixin(CarefulInput):
    """JSON fields are checked before they are stored; several of a few are ticked."""

    def formfield_for_dbfield(self, db_field: models.Field, request: HttpRequest, **kwargs: Any) -> Any:
        if isinstance(db_field, models.JSONField):
            kwargs["form_class"] = json_field_of(db_field)
        elif isinstance(db_field, models.ManyToManyField):
            kwargs["widget"] = forms.CheckboxSelectMultiple
        return super().formfield_for_dbfield(db_field, request, **kwargs)


@admin.register(Programme)
class ProgrammeAdmin(SetupMixin, StaffAdmin):
    staff_place = "calls"
    form = ZoneCheck
    list_display = ["code", "name_shown", "organiser"]
    search_fields = ["code", "slug", "organiser"]
    actions = None

    @admin.display(description=_("name"))
    def name_shown(self, row: Programme) -> str:
        return row.name

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Who publishes calls does not decide whether a second person has to. Once one has to, it stays."""
        settled = not request.user.is_superuser or (obj is not None and obj.two_person_publishing)
        return ["two_person_publishing"] if settled else []

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("calls.add_programme")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("calls.change_programme")

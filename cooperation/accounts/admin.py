from typing import Any, cast

from allauth.mfa.models import Authenticator
from django.contrib import admin, messages
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cooperation.accounts.access import NotAllowed
from cooperation.accounts.models import User
from cooperation.accounts.operations import end_sessions, forget_second_factor
from cooperation.accounts.zones import zone_field
from cooperation.history.stale_forms import Unhurried

# allauth's own page of a factor would show its secret.
admin.site.unregister(Authenticator)


@admin.register(User)
class UserAdmin(Unhurried, admin.ModelAdmin):
    list_display = ["email", "name", "language", "is_staff", "is_active"]
    list_filter = ["is_staff", "is_active", "language"]
    search_fields = ["email", "name"]
    fields = [
        "email",
        "name",
        "language",
        "time_zone",
        "is_active",
        "is_staff",
        "groups",
        "second_factor",
        "date_joined",
        "last_login",
    ]
    readonly_fields = ["second_factor", "date_joined", "last_login"]
    filter_horizontal = ["groups"]
    actions = ["forget"]

    @admin.display(description=gettext_lazy("Second factor"))
    def second_factor(self, person: User) -> str:
        """What the person set up and when; never its secret."""
        found = Authenticator.objects.filter(user=person).order_by("created_at")
        words = [
            _("%(factor)s since %(day)s")
            % {"factor": row.get_type_display(), "day": date_format(localtime(row.created_at))}
            for row in found
        ]
        return "; ".join(words) or _("None")

    @admin.action(description=gettext_lazy("Forget the second factor of the chosen people, who lost it"))
    def forget(self, request: HttpRequest, queryset: QuerySet[User]) -> HttpResponse | None:
        """Ask once, naming the people; then do it."""
        if "confirmed" not in request.POST:
            title = {"title": _("Forget a lost second factor"), "people": queryset, "opts": self.opts}
            context = {**self.admin_site.each_context(request), **title}
            return TemplateResponse(request, "admin/accounts/forget_factor.html", context)
        for person in queryset:
            try:
                count = forget_second_factor(person=person, by=cast(User, request.user))
            except NotAllowed as refusal:
                messages.error(request, str(refusal))
                continue
            said = _("%(person)s sets up a new second factor. They were logged out and told by mail.")
            if not count:
                said = _("%(person)s had no second factor. They were logged out.")
            messages.success(request, said % {"person": person})
        return None

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """What is done to people is an administrator's to do."""
        return super().get_actions(request) if request.user.is_superuser else {}

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Who is shut out is shut out now, and old sessions do not come back with the account."""
        super().save_model(request, obj, form, change)
        if change and "is_active" in form.changed_data and not obj.is_active:
            end_sessions(person=obj)

    def formfield_for_dbfield(self, db_field: models.Field, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "time_zone":
            return zone_field(db_field)
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def has_delete_permission(self, request, obj=None):
        """People are deactivated, not deleted: their work stays attributable."""
        return False

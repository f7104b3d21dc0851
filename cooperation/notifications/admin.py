from django.contrib import admin

from cooperation.notifications.models import Message


@admin.register(Message)
class MessageAdmin(admin.ModelAdmin):
    """The outbox to read: what was sent to whom, what waits, what died and why."""

    list_display = ["created_at", "kind", "recipient", "subject", "state", "attempts", "last_error"]
    list_filter = ["state", "kind", "language"]
    search_fields = ["recipient", "subject", "key"]
    date_hierarchy = None
    show_full_result_count = False

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

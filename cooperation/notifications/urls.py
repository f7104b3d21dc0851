"""Addresses of a reader's messages."""

from django.urls import path

from cooperation.notifications.views import inbox, preferences, unsubscribing

app_name = "notifications"
urlpatterns = [
    path("my/messages/", inbox.Inbox.as_view(), name="inbox"),
    path("my/messages/read/", inbox.ReadAll.as_view(), name="read_all"),
    path("my/messages/settings/", preferences.Preferences.as_view(), name="preferences"),
    path("my/messages/<int:pk>/", inbox.MessagePage.as_view(), name="message"),
    path("my/messages/<int:pk>/read/", inbox.Read.as_view(), name="read"),
    path("messages/stop/<str:token>/", unsubscribing.unsubscribe_page, name="unsubscribe"),
]

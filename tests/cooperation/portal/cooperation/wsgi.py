"""The empty portal: a health page, and a page that sends a mail."""

from django.conf import settings
from django.core.mail import send_mail
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path


def healthz(request: HttpRequest) -> HttpResponse:
    connection.ensure_connection()
    return JsonResponse(settings.DEMO_FACTS)


def mail(request: HttpRequest) -> HttpResponse:
    send_mail("Receipt for Göteborg", "Kept.", "portal@example.org", ["officer@example.org"])
    return HttpResponse("sent")


urlpatterns = [path("healthz", healthz), path("mail", mail)]
application = get_wsgi_application()

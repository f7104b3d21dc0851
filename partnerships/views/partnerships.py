"""To be written."""

from django.http import HttpResponse
from django.views import View


class PartnershipList(View):
    def get(self, request, **kwargs):
        return HttpResponse()


class PartnershipPage(View):
    def get(self, request, **kwargs):
        return HttpResponse()

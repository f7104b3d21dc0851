"""To be written."""

from django.http import HttpResponse
from django.views import View


class EligibilityCheck(View):
    def get(self, request, **kwargs):
        return HttpResponse()

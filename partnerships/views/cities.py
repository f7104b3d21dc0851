"""To be written."""

from django.http import HttpResponse
from django.views import View


class CityList(View):
    def get(self, request, **kwargs):
        return HttpResponse()


class CityPage(View):
    def get(self, request, **kwargs):
        return HttpResponse()

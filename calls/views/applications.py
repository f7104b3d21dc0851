"""To be written."""

from django.http import HttpResponse
from django.views import View


class Start(View):
    def get(self, request, **kwargs):
        return HttpResponse()


class MyApplications(View):
    def get(self, request, **kwargs):
        return HttpResponse()


class TaskList(View):
    def get(self, request, **kwargs):
        return HttpResponse()


class Partners(View):
    def get(self, request, **kwargs):
        return HttpResponse()


class SectionForm(View):
    def get(self, request, **kwargs):
        return HttpResponse()

"""To be written."""

from django.http import HttpResponse
from django.views import View


def home(request, **kwargs):
    return HttpResponse()


class CallPage(View):
    def get(self, request, **kwargs):
        return HttpResponse()


class CallQuestions(View):
    def get(self, request, **kwargs):
        return HttpResponse()


class ProgrammePage(View):
    def get(self, request, **kwargs):
        return HttpResponse()

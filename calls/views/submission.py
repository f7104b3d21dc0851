"""To be written."""

from django.http import HttpResponse
from django.views import View


class CheckAnswers(View):
    def get(self, request, **kwargs):
        return HttpResponse()


def submit_application(request, **kwargs):
    return HttpResponse()


class Receipt(View):
    def get(self, request, **kwargs):
        return HttpResponse()


class Withdraw(View):
    def get(self, request, **kwargs):
        return HttpResponse()

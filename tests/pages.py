"""What a page says, without what is drawn anew each time: in a random token any short word may occur."""

import re

from django.http import HttpResponse

# Django shuffles the token of a form for each answer: 64 letters and figures.
TOKEN = re.compile(r'(name="csrfmiddlewaretoken" value=)"\w+"')


def steady(text: str) -> str:
    """A page that is the same each time that it says the same."""
    return TOKEN.sub(r'\1""', text)


def said(response: HttpResponse) -> str:
    """The text of an answer in one line, its tags included and its token left out."""
    return " ".join(steady(response.content.decode()).split())

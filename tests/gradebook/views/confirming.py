"""Pages on which sheets and classes are confirmed: their addresses, what they show, what is sent to them."""

import re
from html import unescape

from django.urls import reverse

from tests import cast
from tests.gradebook import book


def text(response, status=200):
    assert response.status_code == status, response.content[:300]
    return unescape(response.content.decode())


def of_sheet(name="sign_off", term=1):
    return reverse(f"gradebook:{name}", args=[book.taught().pk, term])


def of_class(name="class_sign_off", term=1, *more):
    return reverse(f"gradebook:{name}", args=[cast.class_group().pk, term, *more])


def field(page, name):
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, name
    return found[1]


def send(client, path, **data):
    return client.post(path, {key: str(value) for key, value in data.items()})

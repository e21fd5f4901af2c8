"""What tests of pages of corrections can ask for."""

import pytest
from django.conf import settings

from tests import cast
from tests.gradebook import book
from tests.gradebook.closing import lock


@pytest.fixture
def english(as_person):
    def sign_in(person):
        client = as_person(person)
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        return client

    return sign_in


@pytest.fixture
def closed():
    """Toán of 6A with a term of marks of every pupil, locked."""
    cells = {**book.TERM_OF_MARKS, ("final", 1): "6,5"}
    book.fill(book.place(), cast.user(cast.CHI), {pupil: cells for pupil in book.pupils()})
    lock()

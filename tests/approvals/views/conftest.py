"""What the pages of corrections are tested with."""

import pytest
from django.conf import settings

from tests import cast
from tests.gradebook import book
from tests.gradebook.closing import lock


@pytest.fixture
def closed():
    """Toán of 6A with a mark of 6,5 at the end of the term for the first pupil; locked."""
    cells = {**book.TERM_OF_MARKS, ("final", 1): "6,5"}
    book.fill(book.place(), cast.user(cast.CHI), {cast.pupil(cast.PUPILS[0]): cells})
    lock()


@pytest.fixture
def english(as_person):
    """A browser of somebody who reads English."""

    def sign_in(person):
        client = as_person(person)
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        return client

    return sign_in

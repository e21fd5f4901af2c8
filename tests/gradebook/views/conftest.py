"""What tests of pages of the mark book can ask for."""

import pytest
from django.conf import settings


@pytest.fixture
def english(as_person):
    def sign_in(person):
        client = as_person(person)
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        return client

    return sign_in

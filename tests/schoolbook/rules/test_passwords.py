"""R-220, ASVS 5.0 6.2.11: passwords made of what others know."""

import pytest

from schoolbook.rules import passwords

WORDS = passwords.words_about(
    "Nguyễn Mai Chi", "chinm", "songlam", "Trường THCS Sông Lam", "songlam"
)


@pytest.mark.parametrize(
    "password",
    [
        "nguyenmaichi",
        "Nguyễn Mai Chi 1985",
        "chi-chi-2026",
        "SongLam@2026",
        "thcs songlam",
        "Schoolbook1",
        "maichi123456",
        "schoolbook và mùa thu",
        "truong-thcs-2026",
    ],
)
def test_a_password_of_names_is_refused(password):
    assert passwords.tells_too_much(password, WORDS)


@pytest.mark.parametrize(
    "password",
    [
        "chim-se-nau-2026",
        "sông-dài-biển-rộng",
        "con mèo nhảy qua",
        "chichoe hot tren canh",
        "!!!!????",
    ],
)
def test_a_password_of_other_words_is_not(password):
    assert not passwords.tells_too_much(password, WORDS)

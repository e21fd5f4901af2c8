"""School years, devices in words, and the responsibility statement (R-223)."""

from datetime import date

import pytest

from schoolbook.rules import school_year, statement, user_agents


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (date(2026, 7, 31), 2025),
        (date(2026, 8, 1), 2026),
        (date(2026, 12, 31), 2026),
        (date(2027, 1, 1), 2026),
    ],
)
def test_a_school_year_goes_from_august_to_july(day, year):
    assert school_year.first_calendar_year(day) == year
    assert school_year.label(2026) == "2026–2027"


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36",
            "Chrome · Windows",
        ),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/130.0 Safari/537.36 Edg/130.0", "Edge · Windows"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1",
            "Safari · iPhone",
        ),
        ("Mozilla/5.0 (Linux; Android 14) Chrome/130.0 Mobile Safari/537.36", "Chrome · Android"),
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0",
            "Firefox · Linux",
        ),
        ("<script>alert(1)</script>", ""),
        ("", ""),
    ],
)
def test_a_browser_is_told_in_words_that_a_person_knows(user_agent, words):
    assert user_agents.describe(user_agent) == words


def test_the_words_that_people_have_accepted_stay_as_they_are():
    """A changed text is a new version: add its digest here, and never change one."""
    known = {1: "370ddb5abde8f433286b5844644ce980c57620e97b8751dd8b66a561c7e65a75"}
    assert max(known) == statement.VERSION
    for version, digest in known.items():
        assert statement.digest(version) == digest
    assert "chịu trách nhiệm trước Hiệu trưởng" in statement.text()

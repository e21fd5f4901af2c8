"""The pages of those who watch over books: whose they are, what they say, and what they cost."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from gradebook.models import BookRemark, MonthFigure
from gradebook.rules.progress import month_end
from schoolbook.excel import read
from tests import cast
from tests.gradebook import book
from tests.gradebook.closing import typed
from tests.gradebook.watching import SchoolClock, instant, keep, plan

pytestmark = pytest.mark.django_db
VIET_NAM = ZoneInfo("Asia/Ho_Chi_Minh")
NOVEMBER = date(2026, 11, 1)


@pytest.fixture
def shown(monkeypatch):
    return SchoolClock(monkeypatch)


def text(response, status=200):
    assert response.status_code == status, response.content.decode()[:3000]
    return response.content.decode()


def at(name, *args, **query):
    address = reverse(f"gradebook:{name}", args=args)
    return f"{address}?{'&'.join(f'{key}={value}' for key, value in query.items())}"


PAGES = ["progress", "progress_by_teacher", "spread", "remarks", "anomalies", "export_progress"]


class TestEverything:
    @pytest.mark.parametrize("name", PAGES)
    @pytest.mark.parametrize("person", [cast.BINH, cast.THU])
    def test_leaders_see_every_page(self, name, person, as_person):
        assert as_person(person).get(at(name)).status_code == 200

    @pytest.mark.parametrize(
        ("person", "seen"),
        [
            (cast.AN, {"progress", "progress_by_teacher", "spread", "export_progress"}),
            (cast.SON, {"progress", "progress_by_teacher", "spread", "export_progress"}),
            (cast.LAN, {"progress", "progress_by_teacher", "spread", "export_progress"}),
            (cast.PHUC, {"progress", "progress_by_teacher", "spread", "export_progress"}),
            (cast.CHI, set()),
            (cast.VAN, set()),
            (cast.QUYEN, set()),
        ],
    )
    def test_others_see_what_their_duty_needs(self, person, seen, as_person):
        client = as_person(person)
        found = {name for name in PAGES if client.get(at(name)).status_code == 200}
        assert found == seen

    @pytest.mark.parametrize(
        "query",
        ["grade=x", "term=9", "teacher=%00", "at=2026-13-01", "at=%00", "teacher=" + "9" * 40],
    )
    @pytest.mark.parametrize("name", ["progress", "progress_by_teacher", "export_progress"])
    def test_what_makes_no_sense_is_the_usual(self, name, query, as_person):
        assert as_person(cast.THU).get(f"{at(name)}&{query}").status_code == 200

    @pytest.mark.parametrize(
        "query",
        ["grade=%00", "subject=x", "class_group=" + "9" * 40, "test=regular:x", "term=year"],
    )
    def test_nor_does_the_distribution_break(self, query, as_person):
        assert as_person(cast.THU).get(f"{at('spread')}&{query}").status_code == 200

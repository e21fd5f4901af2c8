"""What Python says of a row of history is what the database says, letter for letter: the proof needs Python alone."""

import json
from dataclasses import asdict, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from gradebook.rules.links import Row, link, said
from schoolbook.rules.chain import canonical

NASTY = [
    '"quoted" \\ back\\slash / slash',
    "\x01\x08\t\n\x0b\x0c\r\x1f\x7f",
    "Nguyễn Thị Ánh, lớp 6A",
    "e\u0302\u0301",
    "👩‍🏫🎓",
    "\u2028\u2029\ufeff\uffff\U0010ffff",
    "</script>&<>'",
    "\\u0041 \\n",
    "",
]
TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=40)
ROW = Row(
    sheet_id=1,
    link_number=1,
    link="",
    history_id=2**62,
    id=3,
    school_id=4,
    student_id=5,
    component="regular",
    number=1,
    state="value",
    score=Decimal("8.0"),
    level="",
    text="",
    note="",
    origin="entered",
    source="",
    version=1,
    history_type="+",
    history_change_reason=None,
    history_user_id=6,
    actor_name="",
    request_id="",
    client_key=None,
    act_id=None,
    dispensation_id=None,
    history_date=datetime(2026, 11, 22, 8, 0, tzinfo=UTC),
)


def database_says(row, previous):
    values = asdict(row) | {"link": previous}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT gradebook_mark_said(jsonb_populate_record("
            "NULL::gradebook_historicalmark, %s::jsonb))",
            [json.dumps(values, default=str)],
        )
        return cursor.fetchone()[0]


@pytest.mark.django_db
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    text=TEXT,
    name=TEXT,
    reason=st.none() | TEXT,
    score=st.none() | st.decimals(0, 10, places=1, allow_nan=False),
    key=st.none() | st.uuids(),
    act=st.none() | st.integers(1, 2**31),
    date=st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),
    previous=st.sampled_from(["", "a" * 64]),
)
@example("x", "y", None, Decimal("10.0"), UUID(int=1), 7, datetime(2026, 1, 1, tzinfo=UTC), "")
@example("x", "y", "", Decimal("0.0"), None, None, datetime(2026, 1, 1, 0, 0, 0, 1, tzinfo=UTC), "")
def test_python_and_the_database_say_the_same(text, name, reason, score, key, act, date, previous):
    row = replace(
        ROW,
        text=text,
        note=text,
        actor_name=name,
        history_change_reason=reason,
        score=abs(score) if score is not None else None,
        client_key=key,
        act_id=act,
        history_date=date,
    )
    assert said(row, previous) == database_says(row, previous)


@pytest.mark.django_db
@pytest.mark.parametrize("text", NASTY)
def test_they_say_the_same_of_nasty_texts(text):
    row = replace(ROW, text=text, source=text, history_change_reason=text)
    assert said(row, "") == database_says(row, "")
    with connection.cursor() as cursor:
        cursor.execute("SELECT jsonb_build_array(1, %s::text, NULL)::text", [text])
        assert cursor.fetchone()[0] == canonical([1, text, None])


def test_a_link_depends_on_everything_that_it_covers():
    changed: dict[str, Any] = {
        name: (value + 1 if isinstance(value, int) else f"{value}x")
        for name, value in asdict(ROW).items()
        if isinstance(value, int | str) and name != "link"
    } | {
        "score": Decimal("8.1"),
        "history_change_reason": "",
        "client_key": UUID(int=1),
        "act_id": 1,
        "dispensation_id": 1,
        "history_date": datetime(2026, 11, 22, 8, 0, 0, 1, tzinfo=UTC),
    }
    links = {link(ROW, ""), link(ROW, "a")}
    links |= {link(replace(ROW, **{name: value}), "") for name, value in changed.items()}
    assert len(links) == len(changed) + 2
    assert len(changed) == len(asdict(ROW)) - 1

"""History from before there were chains gets links when the migrations run, and those links are right."""

from contextlib import closing
from importlib import import_module

import psycopg
import pytest

from gradebook.models import Mark
from schoolbook.models import ActLink
from tests import cast
from tests.gradebook.book import class_place, place
from tests.gradebook.closing import typed
from tests.tampering import assert_clean, said, tamper

MARKS = import_module("gradebook.migrations.0003_link_marks").LINK_WHAT_THERE_IS
ACTS = import_module("schoolbook.migrations.0008_link_acts").LINK_WHAT_THERE_IS


@pytest.fixture
def unlinked(committed):
    """Marks of three sheets, and no link anywhere."""
    for version, text in enumerate(("8", "7,5", "6")):
        typed(place(), text, seen=version)
    typed(place(term=2), "9")
    typed(class_place(), "Tốt", ("conduct", 1), person=cast.LAN)
    tamper(
        committed,
        "ALTER TABLE gradebook_historicalmark DROP CONSTRAINT mark_trace_link_once",
        "UPDATE gradebook_historicalmark SET link_number = 0, link = ''",
        "DELETE FROM schoolbook_actlink",
    )
    return committed


def owner(committed, *statements):
    with closing(psycopg.connect(committed.url("owner"))) as session, session.transaction():
        for statement in statements:
            session.execute(statement)


def test_old_marks_and_acts_get_links_that_verify(unlinked):
    assert said()
    owner(
        unlinked,
        "ALTER TABLE gradebook_historicalmark DISABLE TRIGGER USER",
        MARKS,
        "ALTER TABLE gradebook_historicalmark ENABLE TRIGGER USER",
        ACTS,
    )
    assert_clean()
    assert sorted(Mark.history.values_list("link_number", flat=True)) == [1, 1, 1, 2, 3]
    assert ActLink.objects.filter(number=1).count() == 2
    assert typed(place(), "10", seen=3).version == 4
    assert_clean()

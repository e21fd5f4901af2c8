"""The page with the newest head, its file, and the cards when gathering or backups stop."""

import os
from datetime import timedelta

import pytest
from django.db import connection
from django.test import override_settings
from django.utils import timezone

from schoolbook.models import ActLink, User
from schoolbook.rules import kept
from schoolbook.rules.permissions import Role
from schoolbook.selectors import chain as chains
from schoolbook.services import chain, duties
from tests import cast

pytestmark = pytest.mark.django_db
CARD, BACKUP = "The history is not being gathered", "The last backup is older than a day"


@pytest.fixture(autouse=True)
def english(client):
    with override_settings(LANGUAGE_CODE="en"):
        yield


def gather():
    return chain.gather(school=cast.song_lam(), actor=User.objects.system())


def shown(client, path="/audit/"):
    client.cookies["language"] = "en"
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("person", [cast.AN, cast.BINH, cast.THU])
def test_leaders_and_administrators_see_the_newest_head_to_copy(as_person, person):
    row = gather()
    page = shown(as_person(person))
    assert row.link in page
    assert str(ActLink.objects.filter(school=row.school).count()) in page
    assert cast.doi_thong().abbreviation not in page


@pytest.mark.parametrize("path", ["/audit/", "/audit/heads/"])
@pytest.mark.parametrize("person", [cast.CHI, cast.QUYEN, cast.SON])
def test_nobody_else_does(as_person, person, path):
    assert as_person(person).get(path).status_code == 403


def test_before_the_first_gathering_it_says_so(as_person):
    assert "No heads were gathered yet" in shown(as_person(cast.AN))


def test_the_file_holds_every_head_of_the_school_and_of_no_other(as_person):
    row = gather()
    chain.gather(school=cast.doi_thong(), actor=User.objects.system())
    answer = as_person(cast.AN).get("/audit/heads/")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="heads-songlam.jsonl"'
    (head,) = kept.read(answer.content.decode())
    assert (head.school, head.key) == ("songlam", (1, row.link))
    assert chains.compared(cast.song_lam(), [head]).proved == head


def test_the_page_takes_as_many_queries_however_much_was_gathered(as_person, exactly_queries):
    client = as_person(cast.AN)
    for time in range(2):
        for number in range(3):
            duties.open_department(
                school=cast.song_lam(),
                name=f"Nhóm {time} {number}",
                actor=User.objects.system(),
            )
        gather()
        with exactly_queries(9):
            client.get("/audit/")


def test_a_card_tells_when_heads_wait_for_longer_than_a_day(as_person, clock):
    client = as_person(cast.AN)
    assert CARD in shown(client, "/")
    gather()
    assert CARD not in shown(client, "/")
    clock.forward(days=2)
    client = as_person(cast.AN)
    assert CARD not in shown(client, "/")  # nothing new: nothing waits
    duties.charge(
        school=cast.song_lam(),
        user=cast.user(cast.CHI),
        role=Role.CLERK,
        begins_on=cast.TODAY,
        actor=User.objects.system(),
    )
    connection_commits()
    assert CARD in shown(client, "/")
    assert CARD not in shown(as_person(cast.CHI), "/")


def connection_commits():
    """Let the deferred triggers of this test's transaction fire, as a commit would."""
    connection.check_constraints()


def test_a_card_tells_when_the_last_backup_is_older_than_a_day(as_person, tmp_path):
    gather()
    path = tmp_path / "schoolbook-2026-11-01.tar"
    with override_settings(BACKUP_FOLDER=tmp_path):
        assert BACKUP not in shown(as_person(cast.AN), "/")
        path.touch()
        assert BACKUP not in shown(as_person(cast.AN), "/")
        old = (timezone.now() - timedelta(days=2)).timestamp()
        os.utime(path, (old, old))
        assert BACKUP in shown(as_person(cast.AN), "/")
        assert BACKUP not in shown(as_person(cast.CHI), "/")

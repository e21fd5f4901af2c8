"""Heads are gathered once, exported and kept; a restore that lost some is recorded; and a backup comes back whole."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import connection
from django.http import Http404
from django.utils import timezone, translation

from schoolbook import tasks
from schoolbook.errors import Invalid
from schoolbook.models import ActLink, GatheredHead, Gathering, Reseal, User
from schoolbook.rules import kept
from schoolbook.rules.chain import Head, act_link, gathering_link
from schoolbook.rules.kept import KeptHead
from schoolbook.selectors import chain as chains
from schoolbook.services import chain, duties
from tests import cast, races, servers
from tests.tampering import assert_clean, export, said, verdict


def gather(school=None):
    return chain.gather(school=school or cast.song_lam(), actor=User.objects.system())


def act(person=cast.MINH):
    """Something that is a link of the school's acts: somebody joins a new group."""
    system, number = User.objects.system(), ActLink.objects.count()
    group = duties.open_department(school=cast.song_lam(), name=f"Nhóm {number}", actor=system)
    duties.join_department(
        department=group, user=cast.user(person), begins_on=cast.TODAY, actor=system
    )


def newest():
    found = chains.newest_gathering(cast.song_lam())
    assert found
    return found


# Gathering -----------------------------------------------------------------------------------------


def test_only_new_heads_are_gathered_and_nothing_is_no_gathering(committed):
    first = gather()
    last = ActLink.objects.filter(school=cast.song_lam()).order_by("-number")[0]
    assert first.number == 1
    assert list(first.heads.values_list("chain", "number", "link")) == [
        ("acts", last.number, last.link)
    ]
    assert gather() is None
    act()
    second = gather()
    assert (second.number, second.heads.count()) == (2, 1)
    assert second.link == gathering_link(
        school=second.school_id,
        number=2,
        previous=first.link,
        gathered_at=second.gathered_at,
        heads=[Head(*head) for head in second.heads.values_list("chain", "number", "link")],
    )


def test_two_schools_have_chains_of_their_own(committed):
    assert tasks.gather_heads() == 2
    assert tasks.gather_heads() == 0
    act()
    assert tasks.gather_heads() == 1
    assert Gathering.objects.filter(school=cast.doi_thong()).count() == 1
    assert_clean()


def test_an_act_that_was_linked_by_the_database_has_the_link_of_the_rules(committed):
    previous = ""
    for row in ActLink.objects.filter(school=cast.song_lam()).order_by("number"):
        previous = act_link(
            school=row.school_id,
            number=row.number,
            previous=previous,
            source=row.source,
            row=row.row,
            content=row.content,
        )
        assert row.link == previous


def test_only_jobs_gather(committed):
    with pytest.raises(PermissionDenied):
        chain.gather(school=cast.song_lam(), actor=cast.user(cast.AN))


def test_a_school_whose_gathering_fails_keeps_no_other_from_being_gathered(committed, monkeypatch):
    real, bad = chain.gather, cast.song_lam()

    def fail(*, school, actor):
        if school == bad:
            raise ValueError("bent")
        return real(school=school, actor=actor)

    monkeypatch.setattr(chain, "gather", fail)
    with pytest.raises(ValueError, match="bent"):
        tasks.gather_heads()
    assert Gathering.objects.get().school == cast.doi_thong()


def test_gathering_takes_as_many_queries_whatever_there_is(committed, exactly_queries):
    school, system = cast.song_lam(), User.objects.system()
    for _time in range(3):
        act()
        # begin, lock; heads of both kinds, what is new, the last; two inserts; commit
        with exactly_queries(9):
            chain.gather(school=school, actor=system)


def test_of_two_schedulers_at_once_each_head_is_gathered_once(committed):
    school, system = cast.song_lam(), User.objects.system()
    with races.Racers(2) as racers:
        for turn in range(30):
            act()
            found = racers.start([lambda: chain.gather(school=school, actor=system)] * 2)
            made = [one for one in found if isinstance(one, Gathering)]
            assert [one.number for one in made] == [turn + 1], found
            assert None in found
    heads = list(GatheredHead.objects.values_list("chain", "number", "link"))
    assert len(heads) == len(set(heads))
    assert_clean()


def test_a_gatherer_three_days_late_gathers_what_there_is_once(committed, clock):
    gather()
    act()
    clock.forward(days=3)
    assert tasks.gather_heads() == 2
    assert newest().number == 2
    assert newest().gathered_at > timezone.now() - timedelta(minutes=5)
    assert tasks.gather_heads() == 0
    assert_clean()


HUGE = json.dumps(
    {"school": "songlam", "number": 10**30, "link": "a" * 64, "gathered_at": "2026-01-01T00:00:00Z"}
)


# Kept heads ----------------------------------------------------------------------------------------


def test_the_newest_head_of_each_school_is_exported_and_every_one_if_asked(committed, tmp_path):
    tasks.gather_heads()
    act()
    gather()
    out = StringIO()
    call_command("export_heads", stdout=out)
    lines = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [(line["school"], line["number"]) for line in lines] == [("doithong", 1), ("songlam", 2)]
    path = export(tmp_path / "heads.jsonl", school="songlam", all=True)
    assert [head.number for head in kept.read(path.read_text())] == [1, 2]
    assert path.stat().st_mode & 0o777 == 0o600
    lines = assert_clean(heads=path)
    assert any("songlam: proved up to head 2" in line for line in lines)
    assert any(f"{path} keeps none" in line and "doithong" in line for line in lines)


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "[1]", '{"school": "x"}', "\x00", "[" * 100000, HUGE],
)
def test_a_file_that_keeps_no_heads_is_refused_with_a_sentence(committed, tmp_path, text):
    path = tmp_path / "heads.jsonl"
    path.write_text(text)
    with pytest.raises(CommandError, match="head"):
        call_command("verify_audit", heads=path)
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("verify_audit", heads=tmp_path / "none")
    with pytest.raises(CommandError, match="no school"):
        call_command("verify_audit", school="nowhere")


def test_kept_heads_of_a_school_that_is_not_there_are_a_finding(committed, tmp_path):
    path = tmp_path / "heads.jsonl"
    path.write_text(KeptHead("kia", 1, "a" * 64, "2026-01-01T00:00:00.000000Z").line())
    assert any(line.startswith("kia: ") for line in said(heads=path))
    assert verdict(heads=path, school="songlam")[1]


def older(committed, tmp_path):
    """The database as it was one gathering ago, and a file with the heads of both; what a restore leaves."""
    tasks.gather_heads()
    connection.close()
    committed.postgres.clone_database(committed.name, f"{committed.name}_older")
    act()
    gather()
    path = export(tmp_path / "heads.jsonl", all=True)
    servers.use_database(committed.postgres.url("app", f"{committed.name}_older"))
    return path


@pytest.fixture
def restored(committed, tmp_path):
    yield older(committed, tmp_path)
    servers.use_database(committed.url("app"))
    committed.postgres.drop_database(f"{committed.name}_older")


def reseal(path, **changes):
    options = {
        "school": "songlam",
        "heads": path,
        "reason": "Khôi phục sau khi hỏng đĩa",
        "user": cast.AN.username,
    }
    call_command("reseal", **(options | changes), stdout=StringIO())


def test_a_restore_older_than_the_kept_head_is_behind_it_until_it_is_sealed_anew(restored):
    lines = said(heads=restored)
    assert any(line.startswith("songlam: behind kept head 2 of") for line in lines), lines
    assert_clean()  # without the kept head nothing shows it
    reseal(restored)
    lines = assert_clean(heads=restored)
    assert any("lost by a restore: 2" in line and cast.AN.full_name in line for line in lines)
    row = Reseal.objects.get()
    assert (row.since, [number for number, _link in row.lost]) == (1, [2])
    assert ActLink.objects.filter(source="schoolbook_historicalreseal").count() == 1
    assert newest().number == 2  # the number is used again


def test_after_a_restore_that_went_on_the_kept_head_is_missed_until_it_is_sealed_anew(
    restored, tmp_path
):
    act(cast.OANH)
    gather()
    assert any(line.startswith("songlam: kept head 2 of") for line in said(heads=restored))
    reseal(restored)
    assert_clean(heads=restored)
    later = export(tmp_path / "later.jsonl", all=True)
    both = tmp_path / "both.jsonl"
    both.write_text(restored.read_text() + later.read_text())
    lines = assert_clean(heads=both)
    assert any("songlam: proved up to head 3" in line for line in lines), lines


@pytest.mark.parametrize("person", [cast.CHI, cast.DUNG, cast.KHANH, cast.HAI])
def test_who_does_not_lead_or_administer_the_school_cannot_seal_it_anew(restored, person):
    with pytest.raises(CommandError, match="leader or administrator"):
        reseal(restored, user=person.username)
    with pytest.raises((Http404, PermissionDenied)):
        chain.reseal(school=cast.song_lam(), kept=[], reason="x", actor=cast.user(person))
    assert not Reseal.objects.exists()


def test_only_what_a_restore_can_lose_is_sealed_anew(committed, tmp_path):
    gather()
    act()
    gather()
    path = export(tmp_path / "heads.jsonl", all=True)
    with translation.override("en"), pytest.raises(CommandError, match="there"):
        reseal(path)
    first, second = kept.read(path.read_text())
    forged = KeptHead("songlam", 1, "a" * 64, first.gathered_at)
    with pytest.raises(Invalid):
        chain.reseal(
            school=cast.song_lam(), kept=[forged, second], reason="x", actor=cast.user(cast.AN)
        )
    newer = KeptHead("songlam", 3, "a" * 64, first.gathered_at)
    with pytest.raises(Invalid):
        chain.reseal(school=cast.song_lam(), kept=[newer], reason=" ", actor=cast.user(cast.AN))
    with translation.override("en"), pytest.raises(CommandError, match="no account"):
        reseal(path, user="ai.do")


def test_an_empty_database_is_clean(committed):
    from tests.schoolbook.test_commands_and_tasks import empty_the  # noqa: PLC0415

    empty_the(committed)
    assert_clean()
    assert tasks.gather_heads() == 0

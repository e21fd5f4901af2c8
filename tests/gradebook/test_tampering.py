"""Tampering as superuser of the database: each kind is found and located, and honest work is never suspected."""

from typing import Any

import pytest
from django.core.management import CommandError, call_command

from gradebook.models import Mark
from gradebook.selectors.verifying import COLUMNS
from schoolbook.models import ActLink, Gathering
from schoolbook.rules.chain import Head, gathering_link
from schoolbook.selectors.verifying import histories
from tests import cast
from tests.gradebook.book import place
from tests.gradebook.closing import lock, typed
from tests.gradebook.tampering import (
    COPIED,
    HISTORY,
    OFF,
    ON,
    RELINK,
    changed,
    gather,
    links,
    row,
    sign,
    write,
)
from tests.tampering import as_superuser, assert_clean, export, tamper
from tests.tampering import said as findings

SHEET = "songlam: 6A, Toán, term 1"
TEXTS = "component state level text note origin source history_type actor_name request_id link history_change_reason"
OTHER = dict.fromkeys(TEXTS.split(), "'~x'") | {
    "history_type": "'~'",
    "score": "0.5",
    "client_key": "gen_random_uuid()",
    "act_id": "1",
    "dispensation_id": "1",
    "history_date": "history_date + interval '1 microsecond'",
    "link_number": "77",
}


def found(*, at=None, words=(), **options):
    lines = findings(**options)
    where = (
        f"{SHEET}: link {at.link_number} (history row {at.history_id}, mark {at.id})"
        if at
        else SHEET
    )
    assert any(line.startswith(where) and all(word in line for word in words) for line in lines), (
        lines
    )
    return lines


def test_clean_data_is_clean(written, tmp_path):
    lines = assert_clean()
    assert any("no kept head was given" in line for line in lines)
    lines = assert_clean(heads=export(tmp_path / "heads.jsonl"))
    assert any("songlam: proved up to head 1 of" in line and "kept in" in line for line in lines), (
        lines
    )
    assert assert_clean(school="doithong")


@pytest.fixture
def written(committed):
    write()
    return committed


@pytest.mark.parametrize(
    "change",
    [
        "score = 9.5",
        "actor_name = 'Ai Đó'",
        "history_user_id = history_user_id + 1",
        "history_date = history_date - interval '1 day'",
        "history_change_reason = 'x'",
        "student_id = student_id + 1",
        "client_key = NULL",
        "request_id = 'x'",
        "state = 'absent', score = NULL",
    ],
)
def test_an_edited_row_of_history_is_found(written, change):
    at = row(2)
    tamper(written, f"UPDATE {HISTORY} SET {change} WHERE history_id = {at.history_id}")
    found(at=at, words=["link does not follow"])


def test_no_column_of_the_history_of_a_mark_can_be_edited_unseen(written):
    at, history = row(2), Mark.history.model._meta
    names = [
        field.column for field in history.local_concrete_fields if field.column != "history_id"
    ]
    assert len(names) == len(COLUMNS) - 1
    for name in names:
        tamper(
            written,
            "CREATE TABLE kept AS SELECT * FROM gradebook_historicalmark",
            f"UPDATE {HISTORY} SET {name} = {OTHER.get(name, name + ' + 1')} WHERE history_id = {at.history_id}",
        )
        assert any("link" in line for line in findings() if "6A" in line or "sheet " in line), name
        tamper(
            written,
            f"DELETE FROM {HISTORY}",
            f"INSERT INTO {HISTORY} SELECT * FROM kept",
            "DROP TABLE kept",
        )
    assert_clean()


def test_a_mark_changed_in_both_places_is_found(written):
    at = row(2)
    tamper(
        written,
        f"UPDATE {HISTORY} SET score = 10 WHERE history_id = {at.history_id}",
        f"UPDATE gradebook_mark SET score = 10 WHERE id = {at.id}",
    )
    lines = found(at=at, words=["link does not follow"])
    assert len([line for line in lines if line.startswith("songlam: 6A")]) == 1


def test_a_mark_changed_without_history_is_found(written):
    at = row(2)
    tamper(written, f"UPDATE gradebook_mark SET score = 10 WHERE id = {at.id}")
    found(words=[cast.PUPILS[0], "regular 2", f"newest history row {at.history_id}", "score"])


def test_a_mark_put_in_without_history_is_found(written):
    tamper(
        written,
        "INSERT INTO gradebook_mark (school_id, sheet_id, student_id, component, number, state, score, level, text,"
        " note, origin, source, version) SELECT school_id, sheet_id, student_id, 'final', 1, 'value', 10, '', '', '',"
        f" 'entered', '', 1 FROM gradebook_mark WHERE id = {row(1).id}",
    )
    found(words=["final 1", "no history"])


def test_a_mark_taken_away_is_found(written):
    at = row(2)
    tamper(written, f"DELETE FROM gradebook_mark WHERE id = {at.id}")
    found(words=["regular 2", "the row is gone", str(at.history_id)])


def test_a_deleted_row_of_history_is_found(written):
    tamper(written, f"DELETE FROM {HISTORY} WHERE history_id = {row(2).history_id}")
    found(words=["links 2 to 2 removed"])


def test_a_row_put_in_is_found(written):
    at = row(5)
    tamper(
        written,
        f"INSERT INTO {HISTORY} ({COPIED}, score, version, history_date, link_number, link) SELECT {COPIED}, 10,"
        f" version + 1, now(), 6, repeat('a', 64) FROM {HISTORY} WHERE history_id = {at.history_id}",
        f"UPDATE gradebook_mark SET score = 10, version = version + 1 WHERE id = {at.id}",
    )
    found(at=row(6), words=["link does not follow"])


def test_rows_in_another_order_are_found(written):
    two, three = row(2), row(3)
    swap = "UPDATE {table} SET link_number = {number} WHERE history_id = {pk}"
    tamper(
        written,
        swap.format(table=HISTORY, number=99, pk=two.history_id),
        swap.format(table=HISTORY, number=2, pk=three.history_id),
        swap.format(table=HISTORY, number=3, pk=two.history_id),
    )
    found(at=row(2), words=["link does not follow"])
    found(at=row(3), words=["link does not follow"])


def test_a_row_dated_back_with_right_links_is_found(written):
    at = row(5)
    tamper(
        written,
        f"UPDATE {HISTORY} SET history_date = history_date - interval '2 days' WHERE history_id = {at.history_id}",
        RELINK,
    )
    found(at=at, words=["dated"])


CUT = [
    "DELETE FROM {history} WHERE history_id = {pk}",
    "UPDATE gradebook_mark SET score = 8, version = 1 WHERE id = {mark}",
]


def test_a_tail_that_was_cut_is_found_by_what_was_gathered(written):
    at = row(5)
    tamper(written, *(one.format(history=HISTORY, pk=at.history_id, mark=at.id) for one in CUT))
    found(words=["gathering 1 keeps another link 5"])


def test_a_chain_rewritten_with_right_links_is_found_by_what_was_gathered(written):
    at = row(2)
    tamper(
        written,
        f"UPDATE {HISTORY} SET score = 10 WHERE history_id = {at.history_id}",
        f"UPDATE gradebook_mark SET score = 10 WHERE id = {at.id}",
        RELINK,
    )
    found(words=["gathering 1 keeps another link 5", "rewritten"])


def rewritten(committed):
    """A mark, its history, all links and all gatherings anew, as somebody would who can do everything."""
    at, school = row(2), cast.song_lam()
    tamper(
        committed,
        f"UPDATE {HISTORY} SET score = 10 WHERE history_id = {at.history_id}",
        f"UPDATE gradebook_mark SET score = 10 WHERE id = {at.id}",
        RELINK,
        "UPDATE schoolbook_gatheredhead g SET link = h.link FROM gradebook_historicalmark h"
        " WHERE g.chain = 'sheet:' || h.sheet_id AND g.number = h.link_number",
    )
    previous = ""
    for one in Gathering.objects.filter(school=school).order_by("number"):
        previous = gathering_link(
            school=school.pk,
            number=one.number,
            previous=previous,
            gathered_at=one.gathered_at,
            heads=[Head(*head) for head in one.heads.values_list("chain", "number", "link")],
        )
        tamper(
            committed,
            f"UPDATE schoolbook_gathering SET link = '{previous}' WHERE id = {one.pk}",
        )


def test_a_database_rewritten_as_a_whole_is_found_by_the_kept_head_alone(written, tmp_path):
    heads = export(tmp_path / "heads.jsonl")
    rewritten(written)
    lines = assert_clean()
    assert any("could have rewritten all of it" in line for line in lines)
    lines = findings(heads=heads)
    assert any(line.startswith("songlam: kept head 1 of") and "rewritten" in line for line in lines)


def test_an_act_of_the_school_that_was_edited_is_found(written):
    at = links().filter(source="schoolbook_historicalduty")[0]
    tamper(
        written,
        f"UPDATE schoolbook_historicalduty SET begins_on = '2020-01-01' WHERE history_id = {at.row}",
    )
    lines = findings()
    where = f"songlam: act {at.number} (schoolbook_historicalduty, history row {at.row})"
    assert any(line.startswith(where) and "begins_on" in line for line in lines), lines


def test_every_table_of_acts_is_held_by_the_chain(written):
    lock()
    tables = {model._meta.db_table for model in histories(chained=True)}
    there = dict(ActLink.objects.order_by("source", "-row").values_list("source", "row"))
    assert set(there) <= tables
    assert len(there) >= 8
    for table, at in there.items():
        change = "UPDATE {} SET actor_name = {} WHERE history_id = {}"
        tamper(written, change.format(table, "actor_name || 'x'", at))
        assert any(f"({table}, history row {at})" in line for line in findings()), table
        tamper(written, change.format(table, "left(actor_name, -1)", at))
    assert_clean()


def test_an_act_whose_link_was_edited_along_is_found(written):
    at = links()[3]
    tamper(
        written,
        f"UPDATE schoolbook_actlink SET content = replace(content, 'Hệ thống', 'Ai đó') WHERE id = {at.pk}",
    )
    lines = findings()
    where = f"songlam: act {at.number} ({at.source}, history row {at.row})"
    assert any(line.startswith(where) and "link does not follow" in line for line in lines), lines
    assert any(line.startswith(where) and "actor_name" in line for line in lines), lines


def test_an_act_of_the_school_that_was_deleted_is_found(written):
    at = links()[3]
    tamper(written, f"DELETE FROM schoolbook_actlink WHERE id = {at.pk}")
    lines = findings()
    assert f"songlam: acts {at.number} to {at.number}: removed from the chain of acts" in lines
    assert f"songlam: {at.source}, history row {at.row}: not in the chain of acts" in lines


def test_the_last_act_that_was_deleted_with_its_row_is_found(written):
    at = links().reverse()[0]
    tamper(
        written,
        f"DELETE FROM schoolbook_actlink WHERE id = {at.pk}",
        f"DELETE FROM {at.source} WHERE history_id = {at.row}",
    )
    lines = findings()
    assert any(
        line.startswith(f"songlam: act {at.number}: gathering 1 keeps another link")
        for line in lines
    ), lines


def test_a_gathering_that_was_deleted_or_edited_is_found(written):
    typed(place(), "9", pupil=cast.PUPILS[1])
    gather()
    tamper(written, "UPDATE schoolbook_gatheredhead SET number = 3 WHERE chain LIKE 'sheet:%'")
    assert any(line.startswith("songlam: gathering 1: the link") for line in findings())
    tamper(written, "DELETE FROM schoolbook_gathering WHERE number = 1")
    assert "songlam: gatherings 1 to 1: removed" in findings()


def test_the_newest_gathering_that_was_deleted_is_found_by_the_kept_head(written, tmp_path):
    heads = export(tmp_path / "heads.jsonl")
    tamper(written, "DELETE FROM schoolbook_gatheredhead", "DELETE FROM schoolbook_gathering")
    assert_clean()
    assert any(line.startswith("songlam: behind kept head 1 of") for line in findings(heads=heads))


def test_a_write_into_a_locked_sheet_past_the_trigger_is_found(written):
    lock(class_group_id=cast.class_group().pk)
    at = row(2)
    with pytest.raises(Exception, match="closed"):
        as_superuser(written, *changed(at, 10, 2))
    as_superuser(written, OFF, *changed(at, 10, 2), "SET CONSTRAINTS ALL IMMEDIATE", ON)
    found(at=row(6), words=["written while it was closed", "entry_locked"])


def test_a_write_into_a_confirmed_sheet_past_the_trigger_is_found(written):
    at, chi = row(2), cast.user(cast.CHI)
    sign(at.sheet, chi)
    assert_clean()
    as_superuser(written, OFF, *changed(at, 10, 2), "SET CONSTRAINTS ALL IMMEDIATE", ON)
    lines = found(at=row(6), words=["written while it was closed", "signed_off"])
    assert any("stands, and yet the sheet was written after it" in line for line in lines)


@pytest.mark.parametrize(
    ("statement", "word"),
    [
        ("DROP TRIGGER {trigger} ON gradebook_mark", "missing"),
        ("ALTER TABLE gradebook_mark DISABLE TRIGGER {trigger}", "disabled"),
        ("ALTER TABLE gradebook_mark ENABLE REPLICA TRIGGER {trigger}", "disabled"),
        (
            "CREATE OR REPLACE FUNCTION {trigger}() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RETURN NULL; END; $$",
            "not the one of the migrations",
        ),
    ],
)
def test_a_trigger_that_is_not_what_it_was_is_found(committed, statement, word):
    kept: Any = Mark._meta
    name = next(rule for rule in kept.triggers if rule.name == "closed_to_change").get_pgid(Mark)
    as_superuser(committed, statement.format(trigger=name))
    lines = findings()
    assert any(line.startswith(f"trigger {name} of gradebook_mark: {word}") for line in lines), (
        lines
    )


@pytest.mark.parametrize("name", ["school_now()", "gradebook_mark_said(gradebook_historicalmark)"])
def test_a_function_that_is_not_what_it_was_is_found(committed, name):
    returns = "timestamptz" if name.startswith("school") else "text"
    as_superuser(
        committed,
        f"CREATE OR REPLACE FUNCTION {name.replace('(gradebook', '(h gradebook')} RETURNS {returns} LANGUAGE sql AS"
        f" $$ SELECT NULL::{returns} $$",
    )
    assert any(
        line.startswith(f"function {name.partition('(')[0]}: not the one") for line in findings()
    )


def test_triggers_that_a_setting_of_the_database_puts_to_sleep_are_found(committed):
    setting = f"ALTER DATABASE {committed.name} SET session_replication_role = replica"
    as_superuser(committed, setting)
    assert "session_replication_role is set for everybody: no trigger fires" in findings()


def test_no_more_findings_are_printed_than_wanted_and_all_are_counted(written, capsys):
    tamper(written, f"UPDATE {HISTORY} SET actor_name = 'x'")
    with pytest.raises(CommandError, match="findings: something was written"):
        call_command("verify_audit", limit=2)
    lines = capsys.readouterr().out.splitlines()
    assert [line.startswith("songlam: 6A") for line in lines[:3]] == [True, True, False]
    assert any(line.startswith("… and ") for line in lines)

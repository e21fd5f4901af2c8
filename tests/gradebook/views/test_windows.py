"""The plan of entry times over HTTP: reading, drafting without a script, deciding, withdrawing."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from gradebook.models import Window, WindowPlan
from gradebook.rules.windows import Line
from gradebook.selectors import windows as found
from gradebook.services import windows
from schoolbook import clock
from tests import cast

pytestmark = pytest.mark.django_db
PLAN = "/windows/"
HOUR = timedelta(hours=1)


def year():
    return cast.class_group().year


def draft_path():
    return reverse("gradebook:draft_windows", args=[year().pk])


def path(name, plan):
    return reverse(f"gradebook:{name}", args=[plan.pk])


def sent(*lines, version=0, reason="Theo kế hoạch", initial=0, **more):
    found_fields = {
        "version": version,
        "reason": reason,
        "lines-TOTAL_FORMS": len(lines),
        "lines-INITIAL_FORMS": initial,
        "lines-MIN_NUM_FORMS": 0,
        "lines-MAX_NUM_FORMS": 200,
    }
    for number, line in enumerate(lines):
        found_fields |= {f"lines-{number}-{name}": value for name, value in line.items()}
    return found_fields | more


def line(**changes):
    return {
        "term": "1",
        "component": "final",
        "grade": "",
        "opens_at": "2026-12-14T00:00",
        "closes_at": "2026-12-31T17:00",
        **changes,
    }


EMPTY = {"term": "", "component": "", "grade": "", "opens_at": "", "closes_at": ""}


def drafted(*components):
    now = clock.now()
    lines = [Line(1, name, None, now - HOUR, now + HOUR) for name in components or ("final",)]
    return windows.save_draft(
        year_id=year().pk,
        lines=lines,
        version=found.mark(found.draft(year())),
        actor=cast.user(cast.THU),
    )


def decided(*components):
    plan = drafted(*components)
    return windows.decide(
        plan_id=plan.pk,
        version=found.mark(plan),
        actor=cast.user(cast.BINH),
        verified_at=timezone.now(),
        decision_number="7/QĐ",
    )


def test_a_draft_is_written_line_by_line_in_one_save(english):
    client = english(cast.THU)
    told = client.get(draft_path()).content.decode()
    assert told.count("<fieldset") == len(found.proposed(year())) + 3
    response = client.post(draft_path(), sent(line(), line(component="midterm", grade="6"), EMPTY))
    assert response.status_code == 302
    plan = WindowPlan.objects.get()
    assert plan.reason == "Theo kế hoạch"
    [one, other] = found.lines_of(plan)
    assert (one.component, one.grade, other.component) == ("midterm", 6, "final")
    assert timezone.localtime(other.closes_at).strftime("%H:%M %d/%m/%Y") == "17:00 31/12/2026"
    told = client.get(draft_path()).content.decode()
    assert 'value="2026-12-31T17:00"' in told
    out = sent(line(), line(DELETE="on"), version=found.mark(plan), initial=2)
    client.post(draft_path(), out)
    assert [one.component for one in found.lines_of(plan)] == ["final"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"closes_at": "2026-12-01T17:00"},
        {"closes_at": ""},
        {"opens_at": "x\x00"},
        {"opens_at": "0001-01-01T00:00"},
        {"closes_at": "9999-12-31T23:59"},
        {"closes_at": "2029-12-31T23:59"},
        {"term": "3"},
        {"term": ""},
        {"component": "nothing"},
        {"grade": "99"},
        {"grade": "9" * 40},
    ],
)
def test_a_line_that_cannot_be_so_has_its_sentence_beside_it(english, wrong):
    good = line(component="midterm")
    response = english(cast.THU).post(draft_path(), sent(good, line(**wrong)))
    told = response.content.decode()
    assert response.status_code == 422
    assert "Some lines of the plan cannot be so." in told
    assert told.count('class="field-error"') == 1
    assert 'id="id_lines-1-' in told
    assert "Theo kế hoạch" in told
    assert not WindowPlan.objects.exists()


def test_the_same_line_twice_is_said_beside_the_second(english):
    response = english(cast.THU).post(draft_path(), sent(line(), line()))
    told = response.content.decode()
    assert response.status_code == 422
    assert "The plan has a line for this already." in told
    assert 'id="id_lines-1-closes_at_error"' in told


@pytest.mark.parametrize(
    "broken",
    [
        {"lines-TOTAL_FORMS": "x"},
        {"lines-TOTAL_FORMS": "9" * 30},
        {"lines-INITIAL_FORMS": "-1"},
        {"version": "x"},
        {"version": "9" * 30},
        {"version": ""},
        {"reason": "a" * 501},
    ],
)
def test_a_form_that_is_broken_saves_nothing(english, broken):
    response = english(cast.THU).post(draft_path(), sent(line(), **broken))
    assert response.status_code in {422, 302}
    if response.status_code == 422:
        assert not Window.objects.exists()
    assert english(cast.THU).post(draft_path()).status_code == 422


def test_who_was_slower_hears_what_is_saved_now_and_keeps_what_was_typed(english):
    plan = drafted()
    seen = found.mark(plan)
    client = english(cast.BINH)
    client.post(draft_path(), sent(line(component="midterm"), version=seen))
    response = english(cast.THU).post(draft_path(), sent(line(component="comment"), version=seen))
    told = response.content.decode()
    assert response.status_code == 409
    assert cast.BINH.full_name in told
    assert f'name="version" value="{found.mark(plan)}"' in told
    assert 'value="comment" selected' in told


def test_everybody_reads_what_is_in_force_and_leaders_read_the_draft_too(english):
    decided()
    drafted("midterm")
    for person in (cast.CHI, cast.QUYEN, cast.DUNG):
        told = english(person).get(PLAN).content.decode()
        assert "In force: version 1" in told
        assert "decision 7/QĐ" in told
        assert "version 2" not in told
    for person in (cast.THU, cast.BINH, cast.AN):
        told = english(person).get(PLAN).content.decode()
        assert "Draft: version 2" in told
        assert "no longer limited:" in told
    assert "/windows/" in english(cast.CHI).get("/marks/").content.decode()


def test_older_versions_stay_with_their_decision(english):
    decided()
    decided("midterm")
    told = english(cast.SON).get(PLAN, {"year": "2026"}).content.decode()
    assert "In force: version 2" in told
    assert "Older versions" in told
    assert told.count("decision 7/QĐ") == 2


@pytest.mark.parametrize("query", [{"year": "9" * 40}, {"year": "\x00"}, {"year": "x"}])
def test_a_year_that_is_none_shows_that_of_today(english, query):
    assert "2026-2027" in english(cast.CHI).get(PLAN, query).content.decode()


def test_without_a_plan_nothing_is_limited(english):
    assert "No entry times are announced" in english(cast.CHI).get(PLAN).content.decode()


@pytest.mark.parametrize("versions", [1, 5])
def test_the_plan_takes_as_many_queries_however_many_versions(english, exactly_queries, versions):
    for _each in range(versions):
        decided("regular", "midterm", "final")
    client = english(cast.CHI)
    client.get(PLAN)
    with exactly_queries(9):
        client.get(PLAN)


def test_the_principal_decides_with_a_second_factor_what_was_shown(english, clock):
    plan = drafted()
    client = english(cast.BINH)
    told = client.get(path("decide_windows", plan)).content.decode()
    assert f"{cast.THU.full_name} drafted this" in told
    clock.forward(minutes=11)
    form = {"version": found.mark(plan), "decision_number": "9/QĐ"}
    response = client.post(path("decide_windows", plan), form)
    assert response.status_code == 422
    assert 'name="decision_number" value="9/QĐ"' in response.content.decode()
    form["second_factor-code"] = cast.code()
    assert client.post(path("decide_windows", plan), form).status_code == 302
    plan.refresh_from_db()
    assert (plan.state, plan.decision_number) == ("decided", "9/QĐ")
    del form["second_factor-code"]
    assert client.post(path("decide_windows", plan), form).status_code == 302


def test_a_draft_that_changed_since_it_was_shown_is_not_decided(english):
    plan = drafted()
    seen = found.mark(plan)
    drafted("midterm")
    response = english(cast.BINH).post(path("decide_windows", plan), {"version": seen})
    assert response.status_code == 409
    plan.refresh_from_db()
    assert plan.state == "draft"


@pytest.mark.parametrize(
    "form", [{}, {"version": "x"}, {"version": "1", "decision_number": "a" * 61}]
)
def test_a_decision_that_is_none_changes_nothing(english, form):
    plan = drafted()
    assert english(cast.BINH).post(path("decide_windows", plan), form).status_code == 422
    plan.refresh_from_db()
    assert plan.state == "draft"


def test_a_vice_principal_hears_who_decides(english):
    plan = drafted()
    client = english(cast.THU)
    told = client.get(path("decide_windows", plan)).content.decode()
    assert "somebody else decides this" in told
    form = {"version": found.mark(plan)}
    assert client.post(path("decide_windows", plan), form).status_code == 403


def test_a_draft_is_withdrawn_once(english):
    plan = drafted()
    client = english(cast.THU)
    assert client.get(path("withdraw_windows", plan)).status_code == 200
    assert client.post(path("withdraw_windows", plan)).status_code == 302
    assert client.post(path("withdraw_windows", plan)).status_code == 302
    plan.refresh_from_db()
    assert plan.state == "withdrawn"
    assert client.post(path("withdraw_windows", decided())).status_code == 422


@pytest.mark.parametrize(
    ("person", "status"), [(cast.AN, 403), (cast.CHI, 403), (cast.SON, 403), (cast.KHANH, 404)]
)
def test_others_neither_draft_nor_withdraw(english, person, status):
    plan = drafted()
    for address in (draft_path(), path("withdraw_windows", plan)):
        assert english(person).get(address).status_code == status
        assert english(person).post(address).status_code == status

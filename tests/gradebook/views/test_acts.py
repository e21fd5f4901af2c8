"""Acts over HTTP: what the script of a sheet asks, what a form does, and nothing that a stranger could learn."""

import json

import pytest
from django.conf import settings

from gradebook.models import EntryAct
from schoolbook.services import drafts
from tests import cast
from tests.gradebook.services.acts.files import (
    ANH,
    BAO,
    apply,
    cells,
    enter,
    maths,
    paste,
)

pytestmark = pytest.mark.django_db
FETCH = {"HTTP_ACCEPT": "application/json"}


@pytest.fixture
def chi(as_person):
    client = as_person(cast.CHI)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def body(*cells, kind="paste", account=cast.CHI):
    names = ("component", "number", "typed", "seen")
    sent = [{"student": cast.pupil(one[0]).pk, **dict(zip(names, one[1:], strict=True))} for one in cells]  # fmt: skip
    return {"account": drafts.account(cast.user(account)), "kind": kind, "cells": sent}


def send(client, sent, *, raw=None):
    address = f"/sheets/subjects/{maths().pk}/1/paste/"
    data = raw if raw is not None else json.dumps(sent)
    return client.post(address, data, content_type="application/json", **FETCH)


def test_what_another_account_pasted_is_not_looked_at(chi):
    answer = send(chi, body((BAO, "regular", 1, "85", 0), account=cast.VAN))
    assert answer.status_code == 409
    assert answer.json()["sentence"]


def test_a_script_looks_applies_and_undoes(chi):
    answer = send(chi, body((BAO, "regular", 1, "85", 0), (ANH, "regular", 1, "x", 0)))
    found = answer.json()
    assert {name: found[name] for name in ("new", "changed", "same", "refused")} == {
        "new": 1, "changed": 0, "same": 0, "refused": 1,
    }  # fmt: skip
    assert [one["after"] for one in found["cells"]] == ["8,5", "x"]
    held = chi.post(found["apply"], **FETCH)
    assert (held.status_code, cells()) == (409, {})
    assert held.json()["sentence"]
    leave_out = json.dumps({"leave_out": True})
    done = chi.post(found["apply"], leave_out, content_type="application/json", **FETCH).json()
    [cell] = done["answers"]
    assert (cell["status"], cell["shown"], cell["version"]) == ("saved", "8,5", 1)
    assert set(done["results"]) == {str(cast.pupil(BAO).pk)}
    assert done["missing"] == 17
    undone = chi.post(done["undo"], **FETCH).json()
    assert [one["shown"] for one in undone["answers"]] == [""]
    assert "undo" not in undone
    assert cells() == {}


def test_a_script_that_sends_the_act_again_gets_the_same_cells(chi):
    enter(*[(BAO, *column, "8", 0) for column in REST])
    found = send(chi, body((BAO, "regular", 1, "8", 0))).json()
    first = chi.post(found["apply"], **FETCH).json()
    again = chi.post(found["apply"], **FETCH).json()
    bao = str(cast.pupil(BAO).pk)
    assert again["results"][bao]["term1"] == first["results"][bao]["term1"] == "8"
    assert again["missing"] == first["missing"]
    assert [one["status"] for one in again["answers"]] == ["repeated"]
    assert [one["key"] for one in again["answers"]] == [one["key"] for one in first["answers"]]


def test_cells_that_changed_since_are_named_to_the_script(chi):
    found = send(chi, body((BAO, "regular", 1, "8", 0))).json()
    enter((BAO, "regular", 1, "5", 0), person=cast.VAN)
    answer = chi.post(found["apply"], **FETCH)
    assert answer.status_code == 409
    [cell] = answer.json()["cells"]
    assert (cell["student"], cell["component"]) == (cast.pupil(BAO).pk, "regular")
    assert cast.VAN.full_name in cell["sentence"]


REST = [("regular", 2), ("regular", 3), ("regular", 4), ("midterm", 1), ("final", 1)]
CELL = {"student": 1, "component": "regular", "number": 1, "typed": "8", "seen": 0}


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "[]",
        "null",
        "{",
        "\x00",
        "[" * 100_000,
        '{"kind": "import", "cells": []}',
        '{"kind": [], "cells": []}',
        '{"kind": "paste", "cells": {}}',
        '{"kind": "paste", "cells": []}',
        '{"kind": "paste", "cells": [7]}',
        *(
            json.dumps({"kind": "paste", "cells": [{**CELL, name: value}]})
            for name, value in [
                ("student", "1"),
                ("student", 2**63),
                ("student", True),
                ("number", -1),
                ("number", 1.5),
                ("seen", 10**30),
                ("typed", None),
                ("typed", "x" * 5000),
                ("component", ["regular"]),
            ]
        ),
        json.dumps({"kind": "paste", "cells": [CELL] * 2001}),
    ],
)
def test_nonsense_from_a_script_is_answered_with_a_sentence(chi, raw):
    answer = send(chi, None, raw=raw)
    assert answer.status_code == 422
    assert answer.json()["sentence"]


def test_letters_that_no_database_keeps_do_no_harm(chi):
    account = drafts.account(cast.user(cast.CHI))
    raw = '{"account": "%s", "kind": "paste", "cells": [{"student": 1, "component": "\\u0000", "number": 1, "typed": "\\ud800\\u0000", "seen": 0}]}'  # noqa: E501
    assert send(chi, None, raw=raw % account).status_code == 200


def test_the_page_of_an_act_shows_each_cell_and_its_form_writes_and_takes_back(chi):
    enter((ANH, "regular", 1, "6", 0))
    act = paste((BAO, "regular", 1, "8"), (ANH, "regular", 1, "7", 1), (BAO, "final", 1, "x"))
    address = f"/acts/{act.pk}/"
    shown = chi.get(address).content.decode()
    assert "Write 1 new and 1 changed" in shown
    assert BAO in shown
    assert "ĐĐGck" in chi.get(f"{address}?outcome=refused").content.decode()
    assert "ĐĐGtx" not in chi.get(f"{address}?outcome=refused").content.decode()
    held = chi.post(f"{address}apply/")
    assert held.status_code == 422
    assert sorted(cells().values()) == ["6"]
    answer = chi.post(f"{address}apply/", {"leave_out": "on"}, follow=True)
    assert "The marks are written." in answer.content.decode()
    assert sorted(cells().values()) == ["7", "8"]
    answer = chi.post(f"{address}undo/", follow=True)
    assert "It is undone" in answer.content.decode()
    assert sorted(cells().values()) == ["6"]
    assert "number" in chi.get(f"/acts/{EntryAct.objects.get(undoes=act).pk}/").content.decode()


def test_a_form_is_told_which_cells_stand_in_the_way(chi):
    act = paste((BAO, "regular", 1, "8"))
    enter((BAO, "regular", 1, "5", 0), person=cast.VAN)
    answer = chi.post(f"/acts/{act.pk}/apply/")
    assert answer.status_code == 409
    assert cast.VAN.full_name in answer.content.decode()
    act = paste((ANH, "regular", 1, "8"))
    apply(act)
    enter((ANH, "regular", 1, "5", 1), person=cast.VAN)
    assert "Undo all of it" not in chi.get(f"/acts/{act.pk}/").content.decode()
    answer = chi.post(f"/acts/{act.pk}/undo/")
    assert answer.status_code == 409
    assert ANH in answer.content.decode()


def test_everybody_lists_their_own_acts_only(chi, as_person):
    act = paste((BAO, "regular", 1, "8"))
    other = paste((ANH, "regular", 1, "8"), person=cast.VAN)
    listed = chi.get("/acts/").content.decode()
    assert f"/acts/{act.pk}/" in listed
    assert f"/acts/{other.pk}/" not in listed
    assert as_person(cast.VAN).get(f"/acts/{act.pk}/").status_code == 404


def test_the_class_sheet_is_pasted_into_at_its_own_address(as_person):
    lan = as_person(cast.LAN)
    address = f"/sheets/classes/{cast.class_group().pk}/1/paste/"
    sent = json.dumps(body((BAO, "conduct", 1, "Tốt", 0), kind="fill", account=cast.LAN))
    answer = lan.post(address, sent, content_type="application/json", **FETCH)
    assert (answer.status_code, answer.json()["new"]) == (200, 1)
    assert as_person(cast.CHI).post(address, sent, content_type="application/json").status_code == 403  # fmt: skip


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_takes_as_many_queries_for_many_cells(chi, exactly_queries, count):
    act = paste(*[(name, "regular", 1, "8") for name in cast.PUPILS[:count]])
    with exactly_queries(5):
        chi.get(f"/acts/{act.pk}/")

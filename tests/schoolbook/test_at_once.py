"""Many small operations of a migration, done together."""

from typing import Any

from django.db import models
from django.db.migrations import AddConstraint, AddIndex
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ModelState, ProjectState

from schoolbook.at_once import AtOnce

NO_EDITOR: Any = None


class Noted(Operation):
    """Notes what it is asked to do, and with which models."""

    def __init__(self, name, log):
        self.name, self.log = name, log

    def state_forwards(self, app_label, state):
        state.models[app_label, "thing"].options.setdefault("noted", []).append(self.name)

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        self.log.append((self.name, from_state, to_state))

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        self.log.append((self.name, from_state, to_state))


def a_state():
    state = ProjectState()
    state.add_model(ModelState("schoolbook", "Thing", [("id", models.AutoField(primary_key=True))]))
    return state


def test_they_are_done_in_order_with_the_same_models_and_undone_from_the_last():
    log: list[object] = []
    together = AtOnce([Noted("first", log), Noted("second", log)])
    before, after = a_state(), a_state()
    together.state_forwards("schoolbook", after)
    assert after.models["schoolbook", "thing"].options["noted"] == ["first", "second"]
    together.database_forwards("schoolbook", NO_EDITOR, before, after)
    assert log == [("first", before, after), ("second", before, after)]
    log.clear()
    together.database_backwards("schoolbook", NO_EDITOR, after, before)
    assert log == [("second", after, before), ("first", after, before)]


def test_models_are_rendered_once_and_know_all_of_it():
    state = a_state()
    rendered = state.apps
    constraint = models.CheckConstraint(condition=models.Q(id__gt=0), name="id_positive")
    index = models.Index(fields=["id"], name="by_id")
    together = AtOnce([AddConstraint("thing", constraint), AddIndex("thing", index)])
    together.state_forwards("schoolbook", state)
    assert "apps" not in state.__dict__
    thing = state.apps.get_model("schoolbook", "thing")
    assert state.apps is not rendered
    assert [one.name for one in thing._meta.constraints] == ["id_positive"]
    assert [one.name for one in thing._meta.indexes] == ["by_id"]

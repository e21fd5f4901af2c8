"""History: a row for each change of an object, added by `schoolbook.audit.record` and never touched again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from schoolbook.models.triggers import Rule, history_of_audited


class Trace(models.Model):
    """What every history row carries beside the object: who, under which name then, and in which request."""

    actor_name = models.CharField(_("made by"), max_length=150)
    request_id = models.CharField(max_length=64, blank=True)

    class Meta:
        abstract = True


class History(HistoricalRecords):
    """django-simple-history, told explicitly who acts, and append-only in the database.

    The library would write a row on every `save()`, naming whoever is in a thread-local or nobody, and none on a bulk
    update. Here nothing is written by a signal: the service says what changed and who did it. A change without
    history cannot commit, so it cannot be forgotten either.
    """

    def __init__(
        self,
        *,
        rules: Callable[[str], dict[str, list[Any]]] | None = None,
        chained: bool = False,
        stamp: Rule | None = None,
        **options: Any,
    ) -> None:
        """`rules` gives, for the name of the model, more indexes and constraints of the history table.

        With `chained` each row becomes a link of the school's chain of acts; `stamp` dates a row in another way.
        """
        self.rules, self.chained, self.stamp = rules, chained, stamp
        options.setdefault("bases", (Trace,))
        # The composite index below serves what an index on the id alone would.
        options.setdefault("no_db_index", ["id"])
        options.setdefault("history_id_field", models.BigAutoField())
        super().__init__(**options)

    def post_save(self, *args: Any, **kwargs: Any) -> None:
        """Write nothing: see the class."""

    def pre_delete(self, *args: Any, **kwargs: Any) -> None:
        """Nothing is deleted: the database refuses it."""

    def post_delete(self, *args: Any, **kwargs: Any) -> None:
        """Nothing is deleted: the database refuses it."""

    def _get_history_user_fields(self) -> dict[str, models.ForeignKey[Any, Any]]:
        """Who acted; never empty, and kept for as long as the history is."""
        return {
            "history_user": models.ForeignKey(
                settings.AUTH_USER_MODEL, related_name="+", on_delete=models.PROTECT
            )
        }

    def get_meta_options(self, model: type[models.Model]) -> dict[str, Any]:
        """Add the rules and the index of "newest first" to what the library sets."""
        options: dict[str, Any] = super().get_meta_options(model)
        name = model._meta.model_name
        options["triggers"] = history_of_audited(chained=self.chained, stamp=self.stamp)
        options["indexes"] = [models.Index(fields=["id", "-history_id"], name=f"{name}_newest")]
        for kind, more in (self.rules(str(name)) if self.rules else {}).items():
            options[kind] = [*options.get(kind, []), *more]
        return options

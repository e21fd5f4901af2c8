"""The actor of jobs and commands. It cannot sign in, and its own history begins with itself."""

from __future__ import annotations

from typing import Any

from django.db import migrations
from django.utils import timezone


def add_system_actor(apps: Any, _schema_editor: Any) -> None:
    """Add the account and its history row."""
    user_model = apps.get_model("schoolbook", "User")
    system = user_model.objects.create(
        username="system",
        full_name="Hệ thống",
        sort_key="system",
        search_key="he thong",
        exact_key="hệ thống",
        password="!",  # noqa: S106 - the sign of an account without one
        is_active=False,
    )
    apps.get_model("schoolbook", "HistoricalUser").objects.create(
        id=system.pk,
        username=system.username,
        full_name=system.full_name,
        is_active=system.is_active,
        school=None,
        history_type="+",
        history_date=timezone.now(),
        history_user=system,
        history_change_reason="",
        actor_name=system.full_name,
    )


class Migration(migrations.Migration):
    dependencies = [("schoolbook", "0001_initial")]
    operations = [migrations.RunPython(add_system_actor, migrations.RunPython.noop)]

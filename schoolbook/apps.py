"""The kernel app: people, roles, structure, audit."""

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _

from schoolbook import database, registry
from schoolbook.rules.permissions import Action


class SchoolbookConfig(AppConfig):
    """Connects the database's guards and fills the registry of screens."""

    name = "schoolbook"
    verbose_name = "Schoolbook"

    def ready(self) -> None:
        """Run once when Django starts."""
        from schoolbook import cards  # noqa: PLC0415 - models are not there before
        from schoolbook.services import sessions  # noqa: PLC0415

        connection_created.connect(database.guard, dispatch_uid="durability")
        pre_migrate.connect(database.refuse_another_role, sender=self)
        post_migrate.connect(database.grant, sender=self)
        registry.navigation.add("schoolbook:home", _("Home"), order=0)
        registry.navigation.add(
            "schoolbook:school",
            _("School"),
            order=90,
            arguments=lambda user: {"school_id": user.school_id},
        )
        # Accounts and security
        user_logged_in.connect(sessions.begin, dispatch_uid="session")
        registry.navigation.add(
            "schoolbook:security", _("Accounts"), order=80, right=Action.VIEW_SECURITY
        )
        registry.worklist.add("account", cards.own_account)
        registry.worklist.add("slips", cards.slips)
        # Spreadsheets
        registry.navigation.add("schoolbook:imports", _("Imports"), order=70, right=Action.IMPORT)

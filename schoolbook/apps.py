"""The kernel app: people, roles, structure, audit."""

from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _

from schoolbook import database, registry


class SchoolbookConfig(AppConfig):
    """Connects the database's guards and fills the registry of screens."""

    name = "schoolbook"
    verbose_name = "Schoolbook"

    def ready(self) -> None:
        """Run once when Django starts."""
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

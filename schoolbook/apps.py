"""The kernel app: people, roles, structure, audit."""

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _

from schoolbook import database, registry
from schoolbook.rules.chain import ACTS
from schoolbook.rules.permissions import Action


class SchoolbookConfig(AppConfig):
    """Connects the database's guards and fills the registry of screens."""

    name = "schoolbook"
    verbose_name = "Schoolbook"

    def ready(self) -> None:
        """Run once when Django starts."""
        from schoolbook import (  # noqa: PLC0415 - models are not there before
            cards,
            cards_chain,
            cards_classes,
            cards_setup,
            particulars,
        )
        from schoolbook.selectors import chain, verifying  # noqa: PLC0415
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
        registry.navigation.add(
            "schoolbook:grants", _("Rights given"), order=85, right=Action.VIEW_SECURITY
        )
        registry.worklist.add("account", cards.own_account)
        registry.worklist.add("slips", cards.slips)
        registry.worklist.add("given rights", cards.given_rights)
        # Pupils and classes
        registry.navigation.add(
            "schoolbook:class_groups", _("Classes"), order=10, right=Action.VIEW_CLASS
        )
        registry.navigation.add(
            "schoolbook:students", _("Pupils"), order=11, right=Action.VIEW_CLASS
        )
        registry.worklist.add("class lists", cards_classes.lists)
        registry.correctables.add(particulars.Particulars())
        # Staff, assignments and the year
        registry.navigation.add("schoolbook:staff", _("Staff"), order=20)
        registry.navigation.add("schoolbook:assignments", _("Assignments"), order=30)
        registry.navigation.add(
            "schoolbook:setup", _("Set-up of the year"), order=70, right=Action.SET_UP_YEAR
        )
        registry.worklist.add("setup", cards_setup.year)
        # The chain
        registry.worklist.add("chain", cards_chain.chain)
        registry.chains.add(
            registry.Chains(
                ACTS,
                _("Acts of the school"),
                chain.heads_of_acts,
                verifying.absent_acts,
                verifying.acts,
            )
        )
        # Spreadsheets
        registry.navigation.add("schoolbook:imports", _("Imports"), order=75, right=Action.IMPORT)

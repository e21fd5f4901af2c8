"""The mark book: sheets, marks and results, from the assessment engine up."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from gradebook.rules import SCHEMES, RulesError, SchoolLevel, scheme_for
from schoolbook import registry, signals
from schoolbook.rules.permissions import Action


class GradebookConfig(AppConfig):
    """Tells the kernel which circular a class follows, listens to its news, and fills the registry of screens."""

    name = "gradebook"
    verbose_name = "Gradebook"

    def ready(self) -> None:
        """Run once when Django starts."""
        from gradebook import cards, cards_locks, demo, receivers  # noqa: PLC0415 - models are not there before

        registry.schemes.provide(scheme_id, circular)
        registry.demo.add("marks", demo.fill)
        signals.exemption_changed.connect(receivers.exemption_changed, dispatch_uid="results")
        signals.class_subjects_changed.connect(
            receivers.class_subjects_changed, dispatch_uid="results"
        )
        # Marks as others look at them
        registry.navigation.add(
            "gradebook:my_sheets", _("Mark book"), order=5, right=Action.VIEW_MARKS
        )
        registry.worklist.add("marks", cards.missing_marks)
        # Windows and locks
        registry.navigation.add("gradebook:locks", _("Locks"), order=6, right=Action.VIEW_LOCKS)
        registry.navigation.add(
            "gradebook:windows", _("Entry times"), order=7, right=Action.VIEW_CLASS
        )
        registry.worklist.add("windows", cards_locks.windows_closing)
        registry.worklist.add("lock_requests", cards_locks.requests)
        registry.worklist.add("lock_answers", cards_locks.answers)
        # Confirmed sheets and classes
        # Watching over the books
        # The chain


def scheme_id(level: str, grade: int, year_start: int) -> str:
    """The id of the scheme by the roll-out table.

    Raises ValueError with the engine's sentence where none applies.
    """
    try:
        return scheme_for(SchoolLevel(level), grade, year_start).id
    except RulesError as error:
        raise ValueError(error.vi) from error


def circular(scheme: str) -> str:
    """The circular of a scheme as people write it; an id that the engine does not know, as it is."""
    return SCHEMES[scheme].circular if scheme in SCHEMES else scheme

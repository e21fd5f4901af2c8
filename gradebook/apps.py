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
        """Run once when Django starts: models are there now, and were not when this module was read."""
        registry.schemes.provide(scheme_id, circular)
        _listen()
        _tell_the_demo()
        _show_pages()
        _show_cards()
        _show_chains()
        _show_documents()
        _let_correct()


def _listen() -> None:
    from gradebook import receivers  # noqa: PLC0415

    signals.exemption_changed.connect(receivers.exemption_changed, dispatch_uid="results")
    signals.class_subjects_changed.connect(receivers.class_subjects_changed, dispatch_uid="results")


def _tell_the_demo() -> None:
    from gradebook.demo import closing, marks  # noqa: PLC0415

    registry.demo.add("marks", marks.fill)
    registry.demo.add("closing", closing.close)


def _show_pages() -> None:
    registry.navigation.add("gradebook:my_sheets", _("Mark book"), order=5, right=Action.VIEW_MARKS)
    registry.navigation.add(
        "gradebook:progress", _("Progress"), order=6, right=Action.VIEW_PROGRESS
    )
    registry.navigation.add("gradebook:locks", _("Locks"), order=7, right=Action.VIEW_LOCKS)


def _show_cards() -> None:
    from gradebook import cards, cards_locks, cards_sign_offs, cards_watching  # noqa: PLC0415

    registry.worklist.add("marks", cards.missing_marks)
    registry.worklist.add("windows", cards_locks.windows_closing)
    registry.worklist.add("lock_requests", cards_locks.requests)
    registry.worklist.add("lock_answers", cards_locks.answers)
    registry.worklist.add("sheets to confirm", cards_sign_offs.sheets_to_confirm)
    registry.worklist.add("classes to confirm", cards_sign_offs.classes_to_confirm)
    registry.worklist.add("progress", cards_watching.late_sheets)
    registry.worklist.add("remarks", cards_watching.missing_remarks)


def _show_chains() -> None:
    from gradebook.selectors import verifying  # noqa: PLC0415

    registry.chains.add(
        registry.Chains(
            verifying.SHEET,
            _("Mark sheets"),
            verifying.heads,
            verifying.absent,
            verifying.findings,
            verifying.FUNCTIONS,
        )
    )
    registry.chains.name("gradebook.Mark", verifying.mark_words)
    registry.chains.name("gradebook.MarkSheet", verifying.sheet_words)


def _show_documents() -> None:
    from gradebook import pdf  # noqa: PLC0415

    for document in pdf.documents():
        registry.documents.add(document)


def _let_correct() -> None:
    from gradebook.correctable import Marks  # noqa: PLC0415

    registry.correctables.add(Marks())


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

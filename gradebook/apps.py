"""The mark book: sheets, marks and results, from the assessment engine up."""

from django.apps import AppConfig

from gradebook.rules import SCHEMES, RulesError, SchoolLevel, scheme_for
from schoolbook import registry


class GradebookConfig(AppConfig):
    """Tells the kernel which circular a class follows."""

    name = "gradebook"
    verbose_name = "Gradebook"

    def ready(self) -> None:
        """Run once when Django starts."""
        from gradebook import demo  # noqa: PLC0415 - models are not there when this module is loaded

        registry.schemes.provide(scheme_id, circular)
        registry.demo.add("marks", demo.fill)


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

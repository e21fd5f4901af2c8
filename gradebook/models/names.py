"""How components are called, and how long words beside them may be."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from gradebook.rules.columns import Component

LONGEST_REASON = 500
COMPONENT_NAMES = {
    Component.REGULAR: _("regular assessment"),
    Component.PERIODIC: _("periodic test"),
    Component.MIDTERM: _("mid-term assessment"),
    Component.FINAL: _("end-of-term assessment"),
    Component.RETEST: _("assessment again after the summer"),
    Component.COMMENT: _("comment"),
    Component.LEVEL: _("level reached"),
    Component.TEST: _("periodic test of the moment"),
    Component.TEST_AGAIN: _("second test of the moment"),
    Component.CONDUCT: _("conduct of the term"),
    Component.CONDUCT_YEAR: _("conduct of the year"),
    Component.CONDUCT_SUMMER: _("conduct after summer training"),
    Component.TRAINING: _("remark on each side of the training"),
    Component.MONTH: _("remark of the month"),
    Component.QUALITY_MIDDLE: _("quality, middle of the term"),
    Component.QUALITY_END: _("quality, end of the term"),
    Component.COMPETENCE_MIDDLE: _("competence, middle of the term"),
    Component.COMPETENCE_END: _("competence, end of the term"),
    Component.TERM_RESULT: _("result of the term, taken over"),
    Component.YEAR_RESULT: _("result of the year, taken over"),
}
COMPONENT_CHOICES = [(one.value, COMPONENT_NAMES[one]) for one in Component]

"""The summary of a class: pupils × subjects with results, levels, conduct and titles (R-189), and its check (R-054)."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gradebook import access, words
from gradebook.forms.overview import CheckForm
from gradebook.rules.columns import TERMS
from gradebook.selectors import checks, corrected, levels, missing, sign_offs
from gradebook.selectors.ledger import YEAR, Ledger, Seen, ledger
from gradebook.services import checks as given
from gradebook.views import places, striking
from schoolbook import access as kernel
from schoolbook import listing
from schoolbook.excel import Heading, write_table
from schoolbook.http import Request, page
from schoolbook.rules.cells import Kind
from schoolbook.rules.permissions import Action
from schoolbook.views.acts import problem_of


@require_safe
def class_summary(request: Request, class_group_id: int) -> HttpResponse:
    """The summary of a term, a moment or the year."""
    return _summary_page(request, access.seen(request.user, class_group_id))


@require_safe
def export_class_summary(request: Request, class_group_id: int) -> HttpResponse:
    """The same as a spreadsheet, in the layout of the Ministry's and vnEdu's class summary."""
    seen = access.seen(request.user, class_group_id)
    found = levels.summary(ledger(seen), _period(request, seen))
    group = seen.class_group
    name = places.period_names(found.ledger.about)[found.period]
    title = _("Summary of class %(class)s, %(period)s, school year %(year)s") % {
        "class": group.name,
        "period": name,
        "year": group.year.name,
    }
    headings = [
        Heading("STT", Kind.NUMBER),
        Heading("Mã học sinh"),
        Heading("Họ và tên"),
        Heading("Ngày sinh", Kind.DATE),
        *(Heading(head) for head in _heads(found)),
        Heading("Ghi chú"),
    ]
    sheet = group.name.replace("/", "-")[:31] or "Lop"
    content = write_table(headings, [_line(row) for row in found.rows], sheet=sheet, title=title)
    return listing.spreadsheet(content, title)


def _line(row: levels.SummaryRow) -> list[Any]:
    left = ""
    if row.has_left and row.pupil.left_on:
        left = _("left on %(day)s") % {"day": row.pupil.left_on.strftime("%d/%m/%Y")}
    found = row.levels
    own = [] if found is None else [found.level or "-"]
    if found is not None and found.primary is None:
        own.append(found.conduct or "-")
    if found is not None:
        own.append(found.title or "")
    return [
        row.order,
        row.pupil.code,
        row.pupil.name,
        row.pupil.born_on,
        *(cell.shown or "-" for cell in row.cells),
        *own,
        left,
    ]


def _heads(found: levels.Summary) -> list[str]:
    """The subjects, and what follows from them, as the official summary heads them."""
    names = [book.class_subject.subject.name for book in found.subjects if book.class_subject]
    if not found.ledger.seen.whole:
        return names
    if found.is_primary:
        return [*names, "Đánh giá kết quả giáo dục", "Khen thưởng"]
    return [*names, "Kết quả học tập", "Kết quả rèn luyện", "Danh hiệu"]


@require_POST
def check_class(request: Request, class_group_id: int, term: int) -> HttpResponse:
    """The homeroom teacher's word that results, levels, conduct and titles were looked through (R-054)."""
    kernel.class_group(request.user, class_group_id, to=Action.ENTER_CLASS_RESULTS)
    form = CheckForm(request.POST)

    def act(said: dict[str, Any]) -> object:
        return given.check_class(
            class_group_id=class_group_id, term=term, digest=said["digest"], actor=request.user
        )

    done = _("It is recorded that you looked through the results.")
    problem = problem_of(request, form, act, done=done)
    if not problem:
        here = reverse("gradebook:class_summary", args=[class_group_id])
        return redirect(places.way_back(form.cleaned_data["next"], here))
    seen = access.seen(request.user, class_group_id)
    return _summary_page(request, seen, problem=problem, status=422)


def _period(request: Request, seen: Seen) -> str:
    about = missing.book_of(seen.class_group, None, 1)
    known = levels.periods(about)
    term = missing.term_on(seen.class_group.year)
    usual = [period for period, of in known.items() if of == term]
    return places.asked_period(request, known, usual[-1] if about.is_primary else f"term{term}")


def _summary_page(
    request: Request, seen: Seen, *, problem: str = "", status: int = 200
) -> HttpResponse:
    found = ledger(seen)
    shown = levels.summary(found, _period(request, seen))
    term = levels.periods(found.about)[shown.period]
    known = checks.of_class_group(seen.class_group) if seen.whole else {}
    context = {
        "group": seen.class_group,
        "seen": seen,
        "summary": shown,
        "heads": [{"label": name} for name in _heads(shown)],
        "periods": places.period_names(found.about),
        "problems": _problems(shown),
        "word": sign_offs.newest(seen.class_group, term).get(None) if seen.whole else None,
        "term": term,
        "check": checks.of_class(found, term, known) if seen.whole else None,
        "counter": striking.counter_of_class(found, corrected.by_subject(_struck(found, shown))),
        "problem": problem,
        "here": f"{reverse('gradebook:class_summary', args=[seen.class_group.pk])}?period={shown.period}",
    }
    return page(request, "gradebook/class_summary.html", context, status=status)


def _struck(found: Ledger, shown: levels.Summary) -> Any:
    """The corrected cells behind the figures: of the sheets of the term, for the year of both terms."""
    whole_year = shown.period == YEAR and not shown.is_primary
    terms = TERMS if whole_year else (levels.periods(found.about)[shown.period],)
    return corrected.of_class(found, terms)


def _problems(shown: levels.Summary) -> list[str]:
    """What the engine refused, each sentence once."""
    said = [
        words.sentence(error) for row in shown.rows if row.levels for error in row.levels.problems
    ]
    return list(dict.fromkeys(said))

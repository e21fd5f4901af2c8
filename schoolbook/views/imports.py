"""Imports of spreadsheets: those that were made, their templates, and a new one."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from schoolbook import access, excel, listing
from schoolbook.errors import Invalid
from schoolbook.excel import Heading
from schoolbook.excel.writing import Value
from schoolbook.forms.imports import ImportsFilterForm, StartImportForm
from schoolbook.http import Request, page
from schoolbook.rules.imports import COLUMNS, ImportKind
from schoolbook.rules.permissions import Action
from schoolbook.selectors import imports as selector
from schoolbook.services import imports as service

# What a template is called, in the file and in its name; files of a Vietnamese school are Vietnamese.
TITLES = {
    ImportKind.STAFF: "Danh sách giáo viên, nhân viên",
    ImportKind.STUDENTS: "Danh sách học sinh",
    ImportKind.ASSIGNMENTS: "Phân công giảng dạy, chủ nhiệm",
}


@require_safe
def imports(request: Request) -> HttpResponse:
    """Every import of the school, newest first: who, when, what came of it."""
    found, form = _found(request)
    kinds = [
        {
            "name": selector.kind_name(kind),
            "start_href": reverse("schoolbook:start_import", kwargs={"kind": kind.value}),
            "template_href": reverse("schoolbook:import_template", kwargs={"kind": kind.value}),
        }
        for kind in ImportKind
    ]
    context = {
        "form": form,
        "kinds": kinds,
        "part": listing.part_of(request, found),
        "export_href": listing.with_same_query(request, reverse("schoolbook:export_imports")),
    }
    return page(request, "schoolbook/imports/imports.html", context)


@require_safe
def export_imports(request: Request) -> HttpResponse:
    """The same list as a spreadsheet."""
    found, _form = _found(request)
    columns = [
        _("Number"), _("What it is"), _("School year"), _("In force from"), _("File"), _("State"),
        _("New"), _("Changed"), _("The same"), _("Left out"), _("Applied by"), _("Undone by"),
    ]  # fmt: skip
    rows: list[list[Value]] = [
        [
            act.pk, act.get_kind_display(), str(act.year or ""), act.day, act.file_name, act.get_state_display(),
            act.new, act.changed, act.same, act.refused, str(act.applied_by or ""), str(act.undone_by or ""),
        ]
        for act in found
    ]  # fmt: skip
    content = excel.write_table(
        [Heading(text) for text in columns], rows, sheet=_("Imports"), title=_("Imports")
    )
    return listing.spreadsheet(content, _("Imports"))


def _found(request: Request) -> tuple[selector.Acts, ImportsFilterForm]:
    school = access.school(request.user, request.user.school_id or 0, to=Action.IMPORT)
    form = ImportsFilterForm(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {"kind": "", "state": ""}
    return selector.acts(school, kind=chosen["kind"], state=chosen["state"]), form


@require_safe
def import_template(request: Request, kind: str) -> HttpResponse:
    """An empty table with the headings of one kind."""
    access.require(request.user, Action.IMPORT)
    title = TITLES[_kind(kind)]
    columns = [Heading(column.heading, column.kind) for column in COLUMNS[_kind(kind)]]
    return listing.spreadsheet(
        excel.write_table(columns, [], sheet="Danh sách", title=title), title
    )


@require_http_methods(["GET", "HEAD", "POST"])
def start_import(request: Request, kind: str) -> HttpResponse:
    """Choose a file; what it would do is shown before anything is written."""
    school = access.school(request.user, request.user.school_id or 0, to=Action.IMPORT)
    chosen = _kind(kind)
    form = StartImportForm(request, school=school, kind=chosen)
    if form.is_valid():
        try:
            act = service.start(
                file=form.cleaned_data["file"],
                file_name=form.cleaned_data["file"].name,
                kind=chosen,
                year=form.cleaned_data.get("year"),
                day=form.cleaned_data["day"],
                actor=request.user,
            )
        except Invalid as refusal:
            form.add_errors(refusal.errors)
        else:
            return redirect("schoolbook:import_act", import_id=act.pk)
    context = {"form": form, "kind": kind, "kind_name": selector.kind_name(chosen)}
    context["columns"] = COLUMNS[chosen]
    status = 422 if form.is_bound else 200
    return page(request, "schoolbook/imports/start.html", context, status=status)


def _kind(kind: str) -> ImportKind:
    try:
        return ImportKind(kind)
    except ValueError as error:
        raise Http404 from error

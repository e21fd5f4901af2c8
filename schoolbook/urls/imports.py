"""Imports of spreadsheets."""

from django.urls import path

from schoolbook.views import import_acts, imports

pages = [
    path("imports/", imports.imports, name="imports"),
    path("imports/export/", imports.export_imports, name="export_imports"),
    path("imports/new/<slug:kind>/", imports.start_import, name="start_import"),
    path("imports/template/<slug:kind>/", imports.import_template, name="import_template"),
    path("imports/<int:import_id>/", import_acts.import_act, name="import_act"),
    path("imports/<int:import_id>/apply/", import_acts.apply_import, name="apply_import"),
    path("imports/<int:import_id>/undo/", import_acts.undo_import, name="undo_import"),
]

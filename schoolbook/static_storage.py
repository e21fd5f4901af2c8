"""Static files under names that hold a digest of their content, also where one module names another."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFiles(CompressedManifestStaticFilesStorage):
    """Modules import each other by their plain names; what is served names the files that are there."""

    support_js_module_import_aggregation = True

"""Asking for corrections."""

from django.urls import URLPattern, path

from approvals.views import drafts, evidence, filing

pages: list[URLPattern] = [
    path("corrections/file/", filing.file_correction, name="file_correction"),
    path("corrections/mine/", drafts.my_corrections, name="my_corrections"),
    path("corrections/<int:own_correction_id>/draft/", drafts.draft, name="draft"),
    path(
        "corrections/<int:own_correction_id>/send/", drafts.send_correction, name="send_correction"
    ),
    path(
        "corrections/<int:own_correction_id>/withdraw/",
        drafts.withdraw_correction,
        name="withdraw_correction",
    ),
    path(
        "corrections/<int:own_correction_id>/evidence/",
        evidence.add_evidence,
        name="add_evidence",
    ),
    path(
        "evidence/<int:own_evidence_id>/take-out/",
        evidence.take_out_evidence,
        name="take_out_evidence",
    ),
    path("evidence/<int:evidence_id>/", evidence.evidence, name="evidence"),
]

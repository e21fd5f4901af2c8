"""The main job of a school on real input: roster, marks, results, lock, a correction, proof and print (R-120 ff.)."""

from __future__ import annotations

from io import BytesIO, StringIO

from django.core.management import call_command
from pypdf import PdfReader

from approvals.models import CorrectionRequest
from gradebook.models import Mark
from schoolbook.rules.permissions import Role
from schoolbook.rules.regulation import Witness
from tests import cast
from tests.approvals.requests import regulated
from tests.browser.conftest import Visit
from tests.browser.main_job import PUPIL, REASON, RIGHT, WRONG, Story
from tests.browser.stage import in_database


def text_of(pdf: bytes) -> str:
    """What a document says, without the breaks of its lines."""
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())


def verified() -> str:
    """What the verification of the whole history says; it raises where it finds anything."""
    said = StringIO()
    call_command("verify_audit", stdout=said)
    return said.getvalue()


def regulate() -> None:
    """The vice-principal approves, the homeroom teacher witnesses."""
    regulated(
        correction_approver=Role.VICE_PRINCIPAL,
        correction_witnesses=(Witness.HOMEROOM_TEACHER,),
    )


def test_a_class_from_its_roster_to_the_printed_form(visit: Visit) -> None:
    in_database(regulate)
    printed_form, printed_sheet = Story(visit).tell()
    assert in_database(corrected) == (RIGHT.replace(",", "."), "applied")
    form = text_of(printed_form)
    people = (cast.CHI, cast.THU, cast.LAN, cast.AN)
    for said in (PUPIL, REASON, WRONG, RIGHT, *(one.full_name for one in people)):
        assert said in form
    sheet = text_of(printed_sheet)
    assert PUPIL in sheet
    assert RIGHT in sheet
    assert in_database(verified)


def corrected() -> tuple[str, str]:
    """The mark and the state of the request."""
    mark = Mark.objects.get(
        student__full_name=PUPIL, component="final", sheet__class_subject__subject__code="toan"
    )
    return str(mark.score), CorrectionRequest.objects.get().state

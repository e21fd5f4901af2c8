from pathlib import Path
import pytest
from approvals.services import applying, requests as service
from schoolbook.rules.regulation import Witness
from tests import cast
from tests.approvals import requests
from tests.gradebook import book
from tests.gradebook.closing import lock

pytestmark = pytest.mark.django_db
OUT = Path("/tmp/i7-look"); OUT.mkdir(exist_ok=True)

def put(name, pdfs):
    for n, html in enumerate(pdfs):
        (OUT / f"{name}{n or ''}.html").write_text(html)


def printed(kind, user, arguments):
    from schoolbook.registry import documents
    return documents.get(kind).compose(user, arguments).parts

def test_look():
    from datetime import date
    from schoolbook.services import schools
    from schoolbook.models import User
    from schoolbook.rules.regulation import Regulation
    schools.decide(school_id=cast.song_lam().pk, parameters=Regulation(correction_witnesses=(Witness.LEADER, Witness.ADMIN)), in_force_from=date(2026, 9, 1), decision_number="5/QĐ", decided_on=date(2026,9,1), actor=User.objects.system())
    cells = {**book.TERM_OF_MARKS, ("final", 1): "6,5", ("comment", 1): "Chăm học"}
    book.fill(book.place(), cast.user(cast.CHI), dict.fromkeys(book.pupils(), cells))
    lock()
    row = requests.sent(typed={"final:1": "9", "regular:2": "7,5", "regular:3": "6", "comment:1": "Rất chăm học, tiến bộ rõ rệt"})
    binh = cast.user(cast.BINH)
    put("f-sent", printed("approvals.form", binh, {"correction": row.pk}))
    requests.decided(row)
    applying.witness(correction_id=row.pk, role=Witness.LEADER, actor=binh)
    applying.witness(correction_id=row.pk, role=Witness.ADMIN, actor=cast.user(cast.AN))
    requests.applied(row)
    put("f-applied", printed("approvals.form", binh, {"correction": row.pk}))
    row = requests.decided(requests.sent(pupil=cast.PUPILS[1]), agreed=False)
    put("f-refused", printed("approvals.form", binh, {"correction": row.pk}))
    put("f-blank", printed("approvals.blank_form", binh, {}))

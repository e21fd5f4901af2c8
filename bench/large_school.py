"""One large school for the load: 45 classes of 45 pupils, 110 teachers. Run as a module to fill the database."""

from __future__ import annotations

from bench.ready import READY
from schoolbook.demo import fill
from schoolbook.demo.data import DemoSchool
from schoolbook.models import User
from schoolbook.rules.subjects import Level
from schoolbook.services.schools import Particulars

assert READY
TEACHERS = 110
LARGE = DemoSchool(
    Particulars(
        name="Trường THCS Rừng Thông",
        abbreviation="thcsrt",
        address_before="",
        address_since="Số 1 đường Rừng Thông",
    ),
    level=Level.LOWER_SECONDARY,
    district="rungthong",
    classes={6: 12, 7: 11, 8: 11, 9: 11},
    pupils=45,
    staff=TEACHERS + 6,
)


if __name__ == "__main__":
    fill.make(LARGE, User.objects.system())

"""A line that is cut while a save is under way: the same batch again makes it whole, once."""

import http.client
import json
import random
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from gradebook.models import Mark
from schoolbook.services import drafts
from tests import cast, races
from tests.browser.server import serving
from tests.gradebook.services.test_marks import maths

CHANCE = random.Random(13)  # noqa: S311 - the same cuts every time
TOKEN = "a" * 32
PATIENCE = 30


class Line:
    """A client that may hang up before it has heard the answer."""

    def __init__(self, origin, client, path):
        self.host, self.path = origin.removeprefix("http://"), path
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        names = (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME)
        self.headers = {
            "Content-Type": "application/json",
            "Accept": "application/json",
            "X-CSRFToken": TOKEN,
            "Cookie": f"{names[0]}={session}; {names[1]}={TOKEN}",
        }

    def send(self, batch, *, patience=PATIENCE):
        """The answers, or None when the line was cut after this many seconds, or in the middle of the answer."""
        line = http.client.HTTPConnection(self.host, timeout=patience)
        try:
            line.request("POST", self.path, json.dumps(batch), self.headers)
            answer = line.getresponse()
            assert answer.status == http.HTTPStatus.OK, answer.read()
            if patience != PATIENCE and CHANCE.random() < 0.5:
                answer.read(CHANCE.randint(0, 40))
                return None
            return json.loads(answer.read())["answers"]
        except OSError:
            return None
        finally:
            line.close()


def test_after_a_cut_the_same_batch_again_is_what_was_meant_and_only_once(committed, as_person):
    chi, taught = cast.user(cast.CHI), maths()
    pupils = [cast.pupil(name).pk for name in cast.PUPILS]
    path = reverse("gradebook:save_subject_sheet", args=[taught.pk, 1])
    versions, cut = dict.fromkeys(pupils, 0), 0
    with serving() as origin:
        line = Line(origin, as_person(cast.CHI), path)
        for turn in range(races.REPETITIONS):
            edits = [
                {
                    "key": str(UUID(int=CHANCE.getrandbits(128), version=4)),
                    "student": pupil,
                    "component": "final",
                    "number": 1,
                    "typed": f"{turn % 10},{place}",
                    "seen": versions[pupil],
                }
                for place, pupil in enumerate(pupils)
            ]
            batch = {"account": drafts.account(chi), "edits": edits}
            cut += line.send(batch, patience=CHANCE.uniform(0.005, 0.08)) is None
            answers = line.send(batch)
            assert {answer["status"] for answer in answers} <= {"saved", "repeated"}, answers
            for answer in answers:
                versions[answer["student"]] += 1
                assert answer["version"] == versions[answer["student"]]
    assert cut > races.REPETITIONS / 10, "hardly any line was cut"
    assert {mark.student_id: mark.version for mark in Mark.objects.all()} == versions
    assert Mark.history.count() == sum(versions.values())

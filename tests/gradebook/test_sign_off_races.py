"""A save against a confirmation: one of the two comes first, and the other is told; in real transactions."""

import random
from uuid import uuid4

from gradebook import access
from gradebook.models import Mark, SignOff
from gradebook.rules.entering import Why
from gradebook.selectors import sign_offs as read
from gradebook.selectors.sheet import sheet
from gradebook.services import marks, sign_offs
from gradebook.services.marks import Edit, Status
from schoolbook.errors import Invalid
from tests import cast, races
from tests.gradebook import book

CHANCE = random.Random(5)  # noqa: S311 - the same race every time


def shown():
    return read.signing(sheet(access.book(cast.user(cast.CHI), book.place())))


def test_of_a_save_and_a_confirmation_the_first_wins_and_the_other_is_told(committed):
    chi, van, place = cast.user(cast.CHI), cast.user(cast.VAN), book.place()
    book.fill(place, chi, dict.fromkeys(book.pupils(), book.TERM_OF_MARKS))
    pupil, version, confirmed = cast.pupil().pk, 1, 0
    with races.Racers(2) as racers:
        for turn in range(races.REPETITIONS):
            digest = shown().digest
            edit = Edit(uuid4(), pupil, "final", 1, f"{turn % 10},5", version)

            # Whoever confirms asks three questions before the first lock, so the other is now and then kept busy.
            before = CHANCE.randint(0, 8)

            def saving(edit=edit, before=before):
                for _question in range(before):
                    Mark.objects.exists()
                return marks.save(place=place, edits=[edit], actor=van).answers[0]

            def signing(digest=digest):
                return sign_offs.sign(place=place, digest=digest, actor=chi)

            answer, word = racers.start([saving, signing])
            if isinstance(word, SignOff):
                assert (answer.status, answer.why) == (Status.REFUSED, Why.SIGNED_OFF), turn
                assert shown().digest == word.digest == digest
                assert Mark.history.filter(sheet=word.sheet).count() == word.link_number
                sign_offs.take_back(sign_off_id=word.pk, actor=chi, reason="Lần sau")
                confirmed += 1
            else:
                assert isinstance(word, Invalid), word
                assert "digest" in word.errors
                assert answer.status is Status.SAVED, answer
                version = answer.version
            assert not SignOff.objects.filter(ended_at=None).exists()
    assert 0 < confirmed < races.REPETITIONS
    assert SignOff.objects.count() == confirmed


def test_two_who_confirm_at_once_give_one_word(committed):
    chi, place = cast.user(cast.CHI), book.place()
    book.fill(place, chi, dict.fromkeys(book.pupils(), book.TERM_OF_MARKS))
    digest = shown().digest

    def signing():
        return sign_offs.sign(place=place, digest=digest, actor=chi)

    with races.Racers(2) as racers:
        for _turn in range(races.REPETITIONS // 4):
            first, second = racers.start([signing, signing])
            assert first == second
            sign_offs.take_back(sign_off_id=first.pk, actor=chi, reason="Lần sau")

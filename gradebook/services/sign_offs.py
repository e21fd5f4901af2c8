"""Confirming sheets and classes, taking that back, and what happens when something under it changes (R-144 – R-149)."""

from __future__ import annotations

from dataclasses import replace

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gradebook import access, access_sign_offs
from gradebook.models import FrozenStanding, MarkSheet, SignOff
from gradebook.rules.closing import Shut
from gradebook.selectors import closing as closings
from gradebook.selectors import sign_offs as read
from gradebook.selectors.books import Book, Place, Pupil, pupils
from gradebook.selectors.ledger import ledger
from gradebook.selectors.sheet import sheet as sheet_of
from gradebook.services import sheets
from gradebook.services.holding import hold
from schoolbook import access as kernel
from schoolbook import audit
from schoolbook.errors import Invalid
from schoolbook.models import ClassGroup, ClassSubject, User
from schoolbook.rules.names import tidy
from schoolbook.rules.permissions import Action
from schoolbook.services import rows

MOST_NAMED = 5


@transaction.atomic
def sign(*, place: Place, digest: str, actor: User, incomplete: int = 0) -> SignOff:
    """Confirm the sheet of a subject and term: exactly the cells and results of which `digest` was shown (R-144).

    By whoever teaches it; somebody to whom entry was lent may not. With both sheets locked the digest is worked out
    again, so a save that came before is seen, and one that comes later finds the sheet closed. Required cells are
    filled, but those of pupils who left or of whom nothing is asked; `incomplete` is how many results without a
    figure the teacher has accepted by a tick. Twice is once. Raises Http404, PermissionDenied, Invalid.
    """
    assert place.class_subject_id is not None
    kernel.class_subject(actor, place.class_subject_id, to=Action.SIGN_OFF)
    book = sheets.locked(actor, place)
    now = read.signing(sheet_of(book))
    row = book.sheets[book.term]
    standing = _standing(row)
    if standing and standing.digest == now.digest == digest:
        return standing
    _check_sheet(book, now, digest, incomplete)
    said = ""
    if now.incomplete:
        said = ngettext(
            "Confirmed with %(count)s result incomplete.",
            "Confirmed with %(count)s results incomplete.",
            now.incomplete,
        ) % {"count": now.incomplete}
    _replaced(standing, actor)
    return _give(row, now.cells, now.digest, actor, said)


def _check_sheet(book: Book, now: read.Signing, digest: str, incomplete: int) -> None:
    if not book.is_taught:
        raise Invalid({"__all__": _("The class does not have this subject in this term.")})
    if not now.cells:
        raise Invalid({"__all__": _("Nobody is on this sheet, so there is nothing to confirm.")})
    if now.digest != digest:
        raise Invalid({"digest": _outdated()})
    if now.gaps:
        raise Invalid(
            {
                "__all__": ngettext(
                    "%(count)s required mark is missing. Enter it, or V where the pupil was absent, then confirm.",
                    "%(count)s required marks are missing. Enter them, or V where a pupil was absent, then confirm.",
                    len(now.gaps),
                )
                % {"count": len(now.gaps)}
            }
        )
    if incomplete != now.incomplete:
        raise Invalid(
            {"incomplete": _("Some results are incomplete: say that you confirm the sheet so.")}
        )


def _outdated() -> str:
    return _(
        "What this page shows has changed since you opened it. Look through what it shows now, then confirm."
    )


@transaction.atomic
def take_back(*, sign_off_id: int, actor: User, reason: str) -> SignOff:
    """Take the confirmation of a subject's sheet back, so that it is open again; by whoever teaches it now.

    Not while the class is confirmed, nor while entry is locked. Raises Http404, PermissionDenied, Invalid.
    """
    row = access_sign_offs.subject_sign_off(actor, sign_off_id)
    place = Place(row.sheet.term, class_subject_id=row.sheet.class_subject_id)
    book = sheets.locked(actor, place)
    if read.stands_for_class(book):
        raise Invalid(
            {
                "__all__": _(
                    "The class is confirmed. Ask its homeroom teacher to take that back first, or ask for an unlock."
                )
            }
        )
    _refuse_locked(_is_locked(book, pupils(book)))
    return _taken_back(row, actor, reason)


@transaction.atomic
def confirm_class(*, class_group_id: int, term: int, digest: str, actor: User) -> SignOff:
    """Confirm a class for a term, which freezes the levels and titles of its pupils as rows (R-145).

    By its homeroom teacher, once the sheets of all its subjects are confirmed as they are and its conduct is entered.
    All subjects and sheets of the class are locked first. Twice is once. Raises Http404, PermissionDenied, Invalid.
    """
    kernel.class_group(actor, class_group_id, to=Action.CONFIRM_CLASS)
    hold(ClassGroup.objects.filter(pk=class_group_id))
    book = sheets.locked(actor, Place(term, class_group_id=class_group_id))
    held = ledger(access.seen(actor, class_group_id, whole=True), components=None)
    now = read.class_signing(held, term)
    row = book.sheets[term]
    standing = _standing(row)
    if standing and standing.digest == now.digest == digest:
        return standing
    _check_class(now, digest)
    _replaced(standing, actor)
    word = _give(row, now.cells, now.digest, actor)
    made = FrozenStanding.objects.bulk_create(_frozen(word, one) for one in now.reached)
    audit.record(made, actor=actor, created=True)
    return word


def _check_class(now: read.ClassSigning, digest: str) -> None:
    if not now.reached:
        raise Invalid({"__all__": _("Nobody is on this sheet, so there is nothing to confirm.")})
    if now.waits_for:
        names = [
            f"{one.book.class_subject.subject.name} ({', '.join(one.book.teachers) or _('nobody')})"
            for one in now.waits_for
            if one.book.class_subject
        ]
        raise Invalid(
            {
                "__all__": _("These sheets are not confirmed as they are: %(names)s.")
                % {"names": "; ".join(names)}
            }
        )
    if now.gaps:
        names = [f"{gap.pupil.name} ({gap.column})" for gap in now.gaps[:MOST_NAMED]]
        more = len(now.gaps) - len(names)
        raise Invalid(
            {
                "__all__": _("The homeroom teacher's sheet has blank cells: %(names)s.")
                % {"names": "; ".join([*names, *([f"+ {more}"] if more else [])])}
            }
        )
    if now.digest != digest:
        raise Invalid({"digest": _outdated()})


def _frozen(word: SignOff, one: read.Reached) -> FrozenStanding:
    scheme = one.working
    return FrozenStanding(
        school_id=word.school_id,
        sign_off=word,
        student_id=one.pupil.id,
        period=one.period,
        level=scheme["level"],
        conduct=scheme["conduct"],
        title=scheme["title"],
        scheme=scheme["scheme"],
        rules_version=scheme["version"],
        working=scheme,
    )


@transaction.atomic
def take_back_class(*, sign_off_id: int, actor: User, reason: str) -> SignOff:
    """Take the confirmation of a class back; by its homeroom teacher of today, while nothing of it is locked.

    The frozen rows stay, as rows of a confirmation that does not stand. Raises Http404, PermissionDenied, Invalid.
    """
    row = access_sign_offs.class_sign_off(actor, sign_off_id)
    group_id, term = row.sheet.class_group_id, row.sheet.term
    hold(ClassGroup.objects.filter(pk=group_id))
    book = sheets.locked(actor, Place(term, class_group_id=group_id))
    listed = pupils(book)
    found = [book, *_books(book)]
    _refuse_locked(any(_is_locked(one, listed) for one in found))
    return _taken_back(row, actor, reason)


def _books(of_class: Book) -> list[Book]:
    """The subjects of the class with what closes their sheets of the term; in two queries."""
    known = MarkSheet.objects.filter(class_group=of_class.class_group, class_subject__isnull=False)
    by_subject: dict[int | None, dict[int, MarkSheet]] = {}
    for sheet in known:
        by_subject.setdefault(sheet.class_subject_id, {})[sheet.term] = sheet
    taught = ClassSubject.objects.filter(class_group=of_class.class_group).select_related("subject")
    return [
        replace(
            of_class,
            class_subject=row,
            sheets=by_subject.get(row.pk, {}),
            closing=closings.closing_of(row),
        )
        for row in taught.annotate(**closings.of_subject(of_class.term)).order_by("pk")
    ]


def _is_locked(book: Book, listed: list[Pupil]) -> bool:
    """Whether a lock stops entry in any cell of the sheet."""
    if not book.closing.acts:
        return False
    acts_only = replace(book.closing, spans={}, signed=None)
    return any(
        closed.by is Shut.ENTRY_LOCKED
        for pupil in listed
        for column in book.columns
        if (closed := acts_only.closes((pupil.id, *column.key), has_value=False))
    )


def _refuse_locked(locked: bool) -> None:
    if locked:
        raise Invalid(
            {"__all__": _("Entry is locked. Ask for it to be unlocked: that opens the sheet, too.")}
        )


def _standing(sheet: MarkSheet) -> SignOff | None:
    rows_of = SignOff.objects.filter(sheet=sheet, ended_at=None)
    return rows_of.select_for_update(no_key=True, of=("self",)).first()


def _replaced(standing: SignOff | None, actor: User) -> None:
    """End a confirmation of other pupils or results than the sheet shows now; a new one takes its place."""
    if standing:
        _end(standing, SignOff.Ending.BROKEN, actor, _("The sheet shows something else now."))


def _give(sheet: MarkSheet, cells: int, digest: str, actor: User, reason: str = "") -> SignOff:
    row = SignOff(
        school_id=sheet.school_id,
        sheet=sheet,
        signed_by=actor,
        signed_at=timezone.now(),
        cells=cells,
        digest=digest,
        link_number=read.newest_link(sheet),
        reason=reason,
    )
    return rows.enter(row, actor=actor, reason=reason)


def _taken_back(row: SignOff, actor: User, reason: str) -> SignOff:
    said = tidy(reason)
    if not said:
        raise Invalid({"reason": _("Say why.")})
    found = SignOff.objects.select_for_update(no_key=True, of=("self",)).get(pk=row.pk)
    if found.ended_at:
        raise Invalid({"__all__": _("This confirmation does not stand any more.")})
    return _end(found, SignOff.Ending.TAKEN_BACK, actor, said)


def _end(row: SignOff, ending: SignOff.Ending, actor: User, reason: str) -> SignOff:
    row.ending, row.ended_at, row.ended_by = ending, timezone.now(), actor
    row.reason = reason
    rows.check(row)
    row.save(update_fields=["ending", "ended_at", "ended_by", "reason"])
    audit.record([row], actor=actor, reason=reason)
    return row


def break_if_signed(book: Book, *, actor: User, reason: str = "") -> list[SignOff]:
    """As `break_signed`, for a book that was fetched with what closes it: in no query where nothing is signed."""
    return break_signed(book, actor=actor, reason=reason) if book.closing.any_signed else []


def break_signed(book: Book, *, actor: User, reason: str = "") -> list[SignOff]:
    """End the sign-off of a sheet in which something has changed, and with it the word for its class and term.

    Results of the year stand on the sheet of the second term: a change in the first breaks that one, too. The caller
    has locked the sheets.
    """
    rows = SignOff.objects.filter(ended_at=None, sheet__term__gte=book.term).filter(
        Q(sheet__in=[sheet.pk for sheet in book.sheets.values()])
        | Q(sheet__class_group=book.class_group, sheet__class_subject=None)
    )
    found = list(rows.select_for_update(no_key=True, of=("self",)).order_by("pk"))
    return [_end(row, SignOff.Ending.BROKEN, actor, reason) for row in found]

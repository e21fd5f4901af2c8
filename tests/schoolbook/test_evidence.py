"""Files of evidence: what is taken is written anew and inert; what is not is told in a sentence."""

import hashlib
import json
import subprocess
import sys
from io import BytesIO
from zipfile import is_zipfile

import pikepdf
import pytest
from django.utils import translation
from pikepdf import Array, Dictionary, Name, String
from PIL import Image

from schoolbook import evidence
from schoolbook.errors import Invalid
from schoolbook.untrusted import pdfs, terms
from schoolbook.untrusted.terms import MEGABYTE, Kind, Refusal, Unwelcome
from tests.schoolbook import hostile

LIMIT = 10 * MEGABYTE


def cleaned(content, name="x.pdf", limit=LIMIT):
    return evidence.cleaned(content, name, limit=limit)


def refused(content, because, limit=LIMIT):
    with translation.override("en"):
        with pytest.raises(Invalid) as caught:
            cleaned(content, limit=limit)
        assert caught.value.errors == {"file": evidence.sentence(because, limit=limit)}


def opened(content):
    return pikepdf.open(BytesIO(content), attempt_recovery=False)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (hostile.pdf(), Kind.PDF),
        (hostile.picture("JPEG"), Kind.JPEG),
        (hostile.picture("PNG"), Kind.PNG),
    ],
)
@pytest.mark.parametrize("name", ["bài.pdf", "bài.jpg", "bài.exe", "bài"])
def test_a_file_is_what_its_content_says_whatever_it_is_called(content, kind, name):
    clean = cleaned(content, name)
    assert clean.kind is kind
    assert clean.name == "bài" + evidence.ENDINGS[kind]
    assert clean.received_sha256 == hashlib.sha256(content).hexdigest()
    assert terms.kind_of(clean.content) is kind


@pytest.mark.parametrize(
    "content",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"<!doctype html>" + hostile.SCRIPT,
        b"#!/bin/sh\nrm -rf /\n",
        b"MZ\x90\x00",
        b"\x7fELF",
        hostile.zipped(),
        hostile.picture("GIF"),
        hostile.picture("BMP"),
        hostile.picture("WEBP"),
        hostile.picture("TIFF"),
        b"\x00",
        b" " * 2000 + hostile.pdf(),
        "điểm".encode(),
    ],
)
def test_anything_else_is_refused_for_what_it_is(content):
    refused(content, Refusal.WRONG_TYPE)


def test_nothing_and_too_much_are_refused_unread(monkeypatch):
    monkeypatch.setattr(evidence, "_run", None)
    refused(b"", Refusal.EMPTY)
    refused(b"%PDF-" + b"x" * LIMIT, Refusal.TOO_BIG)
    with translation.override("en"):
        assert "bigger than 3 MB" in evidence.sentence(Refusal.TOO_BIG, limit=3 * MEGABYTE)


def test_each_refusal_has_a_sentence():
    for refusal in Refusal:
        assert "%" not in evidence.sentence(refusal, limit=LIMIT)


@pytest.mark.parametrize("what", sorted(hostile.ACTIVE))
def test_a_pdf_that_acts_or_carries_something_is_refused(what):
    # In the file it is packed into a stream of objects, where no search for bytes would find it.
    packed = pikepdf.ObjectStreamMode.generate
    content = hostile.pdf(hostile.ACTIVE[what], object_stream_mode=packed)
    assert b"/JavaScript" not in content
    refused(content, Refusal.ACTIVE)


@pytest.mark.parametrize(
    ("where", "what"),
    [
        *(("key", key) for key in sorted(pdfs.KEYS)),
        *(("/S", kind) for kind in sorted(pdfs.ACTIONS)),
        *(("/Type", kind) for kind in sorted(pdfs.TYPES)),
        *(("/Subtype", kind) for kind in sorted(pdfs.SUBTYPES)),
    ],
)
def test_wherever_one_of_these_stands_the_pdf_is_refused(where, what):
    part = Dictionary({what: 1} if where == "key" else {where: Name(what)})
    content = hostile.pdf(lambda made: hostile.in_root(made, Odd=Array([part])))
    with pytest.raises(Unwelcome) as caught:
        pdfs.rewritten(content)
    assert caught.value.refusal is Refusal.ACTIVE
    assert pdfs.rewritten(hostile.pdf())


def test_a_script_is_found_under_a_name_in_disguise():
    content = hostile.pdf(
        hostile.ACTIVE["a script on opening"],
        object_stream_mode=pikepdf.ObjectStreamMode.disable,
    )
    disguised = content.replace(b"/JavaScript", b"/J#61vaScri").replace(b"/JS", b"/#4A")
    disguised = disguised.replace(b"/J#61vaScri", b"/J#61v#61Script").replace(b"/#4A", b"/#4aS")
    assert b"/JS" not in disguised
    with pikepdf.open(BytesIO(disguised)) as moved:  # the table of places is mended
        written = BytesIO()
        moved.save(written)
    refused(written.getvalue(), Refusal.ACTIVE)


def test_a_font_may_be_called_like_a_script():
    def change(made):
        fonts = made.pages[0].obj.Resources.Font
        fonts.JS, fonts.AA = fonts.F1, fonts.F1

    assert cleaned(hostile.pdf(change)).kind is Kind.PDF


@pytest.mark.parametrize(
    ("change", "because"),
    [
        (hostile.many_pages, Refusal.TOO_MANY_PAGES),
        (hostile.many_objects, Refusal.TOO_MUCH),
        (hostile.bomb, Refusal.TOO_MUCH),
        (lambda made: hostile.bomb(made, times=3), Refusal.TOO_MUCH),
        (hostile.huge_picture, Refusal.TOO_MUCH),
        (hostile.loop, Refusal.DAMAGED),
        (hostile.no_pages, Refusal.DAMAGED),
    ],
)
def test_a_pdf_that_would_exhaust_its_reader_is_refused(change, because):
    content = hostile.pdf(change)
    assert len(content) < LIMIT
    refused(content, because)


def test_objects_that_unpack_to_more_than_the_memory_are_refused():
    # The page alone would be welcome; the reader's memory ends first.
    refused(hostile.packed_objects_bomb(), Refusal.DAMAGED)


@pytest.mark.parametrize("password", ["", "y"])
def test_a_pdf_with_a_password_is_refused_even_if_only_changing_it_needs_one(password):
    refused(hostile.locked(password), Refusal.PASSWORD)


@pytest.mark.parametrize("left", [0.1, 0.5, 0.9, 0.98])
@pytest.mark.parametrize(
    "content",
    [
        hostile.pdf(),
        hostile.picture("JPEG", (400, 300)),
        hostile.photo(),
        hostile.picture("PNG", (400, 300)),
    ],
)
def test_what_is_cut_off_is_refused(content, left):
    if content.startswith(b"\x89PNG") and left > 0.9:
        left = 0.9  # only its end mark would be missing
    refused(content[: int(len(content) * left)], Refusal.DAMAGED)


@pytest.mark.parametrize("head", [b"%PDF-1.7\n", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"])
def test_a_beginning_alone_makes_no_file(head):
    refused(head + hostile.SCRIPT * 100, Refusal.DAMAGED)


BEHIND = [hostile.SCRIPT, b"<?php system($_GET[0]); ?>", hostile.zipped()]


@pytest.mark.parametrize("behind", BEHIND)
@pytest.mark.parametrize(
    "content", [hostile.pdf(), hostile.picture("JPEG"), hostile.picture("PNG"), hostile.photo()]
)
def test_nothing_that_stands_behind_the_end_is_kept(content, behind):
    clean = cleaned(content + behind)
    assert behind not in clean.content
    assert not is_zipfile(BytesIO(clean.content))


@pytest.mark.parametrize("before", [hostile.SCRIPT, b"GIF89a", b"PK\x03\x04", b"\x7fELF"])
def test_nothing_that_stands_before_a_pdf_is_kept(before):
    clean = cleaned(before + b"\n" + hostile.pdf())
    assert clean.content.startswith(b"%PDF-1.7")
    assert hostile.SCRIPT not in clean.content


def test_of_a_pdf_its_pages_are_kept_and_nothing_else():
    def change(made):
        with made.open_metadata() as words:
            words["dc:title"] = "Tên học sinh"
        made.docinfo["/Author"] = "Nguyen Van X"
        page = made.pages[0].obj
        page.Metadata = made.make_stream(hostile.SCRIPT)
        link = hostile.action("URI", URI=String("https://example.org/"))
        hostile.annotate(made, Subtype=Name.Link, A=link)
        hostile.in_root(made, OpenAction=Array([page, Name.Fit]), Odd=String("Nguyen Van X"))

    with opened(cleaned(hostile.pdf(change)).content) as kept:
        assert set(kept.Root.keys()) == {"/Type", "/Pages"}
        assert "/Info" not in kept.trailer
        page = kept.pages[0].obj
        assert page.Contents.read_bytes().strip() == hostile.PAGE_TEXT
        assert not {"/Annots", "/Metadata", "/AA"} & set(page.keys())
        assert len(kept.objects) == 6  # catalogue, pages, page, text, and two for packing them


def test_what_is_said_of_a_drawing_is_left_out():
    def change(made):
        words = made.make_stream(hostile.SCRIPT)
        form = hostile.stream(made, b"", Subtype=Name.Form, Metadata=words, PieceInfo=Dictionary())
        hostile.resource(made, form)

    with opened(cleaned(hostile.pdf(change)).content) as kept:
        drawing = kept.pages[0].obj.Resources.XObject.X1
        assert not {"/Metadata", "/PieceInfo"} & set(drawing.keys())


def test_all_streams_together_have_a_limit(monkeypatch):
    monkeypatch.setattr(pdfs, "ALL_STREAMS", len(hostile.PAGE_TEXT) - 1)
    with pytest.raises(Unwelcome) as caught:
        pdfs.rewritten(hostile.pdf())
    assert caught.value.refusal is Refusal.TOO_MUCH


def test_what_was_written_is_looked_through_once_more(monkeypatch):
    take = pdfs._take_pages

    def smuggle(source, fresh):
        take(source, fresh)
        fresh.Root.OpenAction = hostile.script()

    monkeypatch.setattr(pdfs, "_take_pages", smuggle)
    with pytest.raises(Unwelcome) as caught:
        pdfs.rewritten(hostile.pdf())
    assert caught.value.refusal is Refusal.ACTIVE


def test_what_a_note_looks_like_is_drawn_on_the_page():
    def change(made):
        look = hostile.stream(
            made,
            b"0 0 9 9 re f % con dau",
            Type=Name.XObject,
            Subtype=Name.Form,
            BBox=Array([0, 0, 9, 9]),
        )
        hostile.annotate(made, Subtype=Name.Stamp, F=4, AP=Dictionary(N=look))

    with opened(cleaned(hostile.pdf(change)).content) as kept:
        page = kept.pages[0].obj
        assert "/Annots" not in page
        drawn = [one.read_bytes() for one in page.Resources.XObject.values()]
        assert any(b"con dau" in one for one in drawn)


def test_the_layers_of_a_pdf_stay_as_they_were():
    def change(made):
        layer = made.make_indirect(Dictionary(Type=Name.OCG, Name=String("nhap")))
        made.pages[0].obj.Resources.Properties = Dictionary(L1=layer)
        hidden = Dictionary(OFF=Array([layer]))
        made.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=hidden)

    with opened(cleaned(hostile.pdf(change)).content) as kept:
        layer = kept.pages[0].obj.Resources.Properties.L1
        assert kept.Root.OCProperties.D.OFF[0].objgen == layer.objgen


def test_of_a_picture_its_pixels_are_kept_and_nothing_else():
    for content in (hostile.photo(), hostile.told()):
        clean = cleaned(content)
        for word in (b"Exif", b"Hang May", b"ICC", b"script", b"Author", b"tEXt", b"iTXt"):
            assert word not in clean.content
        with Image.open(BytesIO(clean.content)) as kept:
            assert not kept.getexif()
            assert not {"comment", "icc_profile", "exif", "Author", "Comment"} & set(kept.info)


def test_a_photo_is_turned_as_it_was_held():
    kept = cleaned(hostile.photo()).content
    with Image.open(BytesIO(kept)) as shown:
        assert shown.size == (40, 60)
    assert hostile.dot(kept, (20, 5))[1] < 60
    assert hostile.dot(kept, (20, 55))[1] > 200


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_usual_kind_of_png_is_taken(mode):
    with Image.open(BytesIO(cleaned(hostile.picture("PNG", mode=mode)).content)) as kept:
        assert kept.size == (60, 40)
        assert kept.mode in {"1", "L", "RGB", "RGBA"}


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
def test_every_usual_kind_of_photo_is_taken(mode):
    kept = cleaned(hostile.picture("JPEG", mode=mode)).content
    assert hostile.dot(kept, (55, 20))[1] > 200


def test_a_see_through_picture_stays_so():
    written = BytesIO()
    Image.new("P", (4, 4)).save(written, "PNG", transparency=0)
    assert hostile.dot(cleaned(written.getvalue()).content, (0, 0))[3] == 0


@pytest.mark.parametrize("size", [(65_000, 65_000), (8001, 8000), (2**31 - 1, 1), (30_001, 2)])
def test_a_picture_that_claims_to_be_enormous_is_refused_before_it_is_decoded(size):
    refused(hostile.claims(*size), Refusal.TOO_MANY_PIXELS)


def test_a_picture_with_fewer_dots_than_it_claims_is_damaged():
    refused(hostile.claims(4000, 4000), Refusal.DAMAGED)


def test_the_largest_photo_is_taken_at_half_its_width():
    content = hostile.picture("JPEG", (8000, 8000))
    with Image.open(BytesIO(cleaned(content).content)) as kept:
        assert kept.size == (4000, 4000)


def test_a_moving_picture_is_refused():
    refused(hostile.moving(), Refusal.MOVING)


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("Bài kiểm tra số 1.pdf", "Bài kiểm tra số 1.png"),
        ("Bai kie\u0302\u0309m tra.PNG", "Bai kiểm tra.png"),
        ("../../etc/passwd", "passwd.png"),
        ("C:\\Users\\an\\bài.jpeg", "bài.png"),
        ("bài.png\x00.exe", ".exe"),
        ("x\x00/y.png", "y.png"),
        ("ảnh\u202egnp.exe", "ảnhgnp.png"),
        ("a\r\nSet-Cookie: x=1", "a Set-Cookie: x=1.png"),
        ("Điểm 8.5", "Điểm 8.5.png"),
        ("", "minh chứng.png"),
        ("..", "minh chứng.png"),
        (".png", "minh chứng.png"),
        ("\u200b", "minh chứng.png"),
        ("a" * 300 + ".pdf", "a" * 116 + ".png"),
        ('"><script>.html', '"><script>.png'),
    ],
)
def test_a_name_is_shown_without_folders_and_without_what_cannot_be_seen(given, shown):
    if shown == ".exe":
        shown = "minh chứng.png"  # nothing but an ending is left
    name = evidence.display_name(given, Kind.PNG)
    assert name == shown
    assert len(name) <= evidence.LONGEST_NAME


PROGRAMS = {
    "it never ends": "while True: pass",
    "it waits": "import time; time.sleep(60)",
    "it fails": "raise SystemExit(3)",
    "it is killed": "import os; os.kill(os.getpid(), 11)",
    "it says nothing": "",
    "it says nonsense": "print('\\xff' * 100)",
    "it says a list": "print([1])",
    "it says an unknown word": """print('{"refused": "x"}')""",
    "it says what is not so": """print('{"kind": "png"}', '<script>', sep=chr(10))""",
}


@pytest.mark.parametrize("what", sorted(PROGRAMS))
def test_a_reader_that_runs_wild_costs_a_sentence(what, tmp_path, monkeypatch):
    program = tmp_path / "program.py"
    program.write_text(PROGRAMS[what])
    monkeypatch.setattr(evidence, "_PROGRAM", program)
    monkeypatch.setattr(evidence, "TIME", 0.5)
    refused(hostile.picture("PNG"), Refusal.TOO_MUCH)
    assert evidence._TURN.acquire(blocking=False)
    evidence._TURN.release()


def test_files_are_read_one_after_the_other(monkeypatch):
    monkeypatch.setattr(evidence, "_WAIT", 0.01)
    with evidence._TURN:
        refused(hostile.picture("PNG"), Refusal.BUSY)


def test_the_reader_inherits_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "x" * 60)
    program = tmp_path / "program.py"
    program.write_text(
        "import json, os, sys\n"
        "print(json.dumps([dict(os.environ), os.getcwd(), sorted(os.listdir('/proc/self/fd'))]))"
    )
    monkeypatch.setattr(evidence, "_PROGRAM", program)
    code, said = evidence._run(b"", Kind.PNG)
    assert code == 0
    environment, folder, files = json.loads(said)
    assert not {"SECRET_KEY", "PATH", "DATABASE_URL"} & set(environment)
    assert folder == "/"
    assert len(files) == 4  # its three, and the one with which it looks


LIMITS = """
import json, resource, runpy, sys
runpy.run_path(sys.argv[1], run_name="x")["limit"]()
names = ("AS", "CPU", "FSIZE", "CORE", "NOFILE", "NPROC")
try:
    bytearray(2**30)
except MemoryError:
    names = (*names, open("/proc/self/oom_score_adj").read().strip())
print(json.dumps([resource.getrlimit(getattr(resource, f"RLIMIT_{name}")) for name in names[:6]]), *names[6:])
print(sorted(name for name in sys.modules if name.split(".")[0] in ("django", "psycopg", "celery")))
"""


def test_the_reader_has_little_memory_and_time_and_knows_no_django():
    done = subprocess.run(
        [sys.executable, "-I", "-c", LIMITS, str(evidence._PROGRAM)],
        capture_output=True,
        text=True,
        check=True,
    )
    limits, modules = done.stdout.splitlines()
    most = [terms.MEMORY, terms.WORK, terms.ANSWER, 0, 16, 0]
    assert limits == f"{json.dumps([[one, one] for one in most])} 1000"
    assert modules == "[]"

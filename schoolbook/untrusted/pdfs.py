"""PDFs: looked through object by object, then their pages alone are written into a new file.

Refused is what acts, and what carries something else: scripts, actions that open, send or play, attached files, films,
forms that a program fills in. Links to addresses, bookmarks, the particulars of the file and fields are left out;
what a field or a note looks like is drawn on its page.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream, String

from schoolbook.untrusted.terms import (
    ALL_STREAMS,
    OBJECTS,
    PAGES,
    PIXELS_ON_A_PAGE,
    STREAM,
    Refusal,
    Unwelcome,
)

# Keys that stand for something that acts or is carried, wherever they are.
KEYS = frozenset(
    {"/JavaScript", "/XFA", "/EmbeddedFiles", "/EF", "/RichMediaContent", "/RichMediaSettings"}
    | {"/3DD", "/OPI", "/FFilter"}
)
# Values of /S, of /Type and of /Subtype.
ACTIONS = frozenset(
    {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToR", "/GoToE", "/GoTo3DView"}
    | {"/Rendition", "/Movie", "/Sound", "/RichMediaExecute", "/ResetForm"}
)
TYPES = frozenset({"/EmbeddedFile", "/Rendition", "/3D", "/RichMedia", "/Sound"})
SUBTYPES = frozenset(
    {"/FileAttachment", "/RichMedia", "/3D", "/Movie", "/Sound", "/Screen", "/PS", "/U3D", "/PRC"}
)
# What is kept of a page.
OF_A_PAGE = frozenset(
    {"/Type", "/Parent", "/MediaBox", "/CropBox", "/TrimBox", "/BleedBox", "/ArtBox", "/Rotate"}
    | {"/UserUnit", "/Resources", "/Contents", "/Group"}
)
LEFT_OUT = ("/Metadata", "/PieceInfo")


def rewritten(content: bytes) -> bytes:
    """The pages of a PDF in a new file.

    Raises Unwelcome, and whatever pikepdf raises for one that is damaged.
    """
    try:
        source = pikepdf.open(BytesIO(content), attempt_recovery=False)
    except pikepdf.PasswordError as error:
        raise Unwelcome(Refusal.PASSWORD) from error
    with source, Pdf.new() as fresh:
        if source.is_encrypted:
            raise Unwelcome(Refusal.PASSWORD)
        _look_through(source)
        _take_pages(source, fresh)
        written = BytesIO()
        fresh.save(
            written,
            min_version="1.7",
            deterministic_id=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
        )
    with pikepdf.open(BytesIO(written.getvalue()), attempt_recovery=False) as again:
        _look_through(again)
    return written.getvalue()


def _take_pages(source: Pdf, fresh: Pdf) -> None:
    count = len(source.pages)
    if count > PAGES:
        raise Unwelcome(Refusal.TOO_MANY_PAGES)
    if not count:
        raise Unwelcome(Refusal.DAMAGED)
    source.flatten_annotations("screen")
    for page in source.pages:
        for key in set(page.obj.keys()) - OF_A_PAGE:
            del page.obj[key]
        fresh.pages.append(page)
    # Which layers are seen.
    if isinstance(layers := source.Root.get("/OCProperties"), Dictionary):
        fresh.Root.OCProperties = fresh.copy_foreign(source.make_indirect(layers))


def _look_through(pdf: Pdf) -> None:
    """Raise Unwelcome for the first thing that does not belong into evidence, used by a page or not."""
    objects = pdf.objects
    if len(objects) > OBJECTS:
        raise Unwelcome(Refusal.TOO_MUCH)
    unpacked = 0
    for whole in (pdf.trailer, *objects):
        for part in _parts(whole):
            _look_at(part)
        if isinstance(whole, Stream):
            unpacked += _size(whole)
            if unpacked > ALL_STREAMS:
                raise Unwelcome(Refusal.TOO_MUCH)


def _parts(whole: object) -> Iterator[Object]:
    """The dictionaries in an object; what it refers to is an object of its own."""
    waiting = [whole]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Array):
            inner = list(part)
        elif isinstance(part, Dictionary | Stream):
            yield part
            inner = list(part.values())
        else:
            continue
        waiting += [one for one in inner if isinstance(one, Object) and not one.is_indirect]


def _look_at(part: Object) -> None:
    keys = set(part.keys())
    acts = (
        not keys.isdisjoint(KEYS)
        or _named(part, "/S") in ACTIONS
        or _named(part, "/Type") in TYPES
        or _named(part, "/Subtype") in SUBTYPES
        # A font or picture may be called JS on its page; a script is text.
        or isinstance(part.get("/JS"), String | Stream)
        # The data of this stream would be in another file.
        or (isinstance(part, Stream) and "/F" in keys)
        # What stands in the fields is not drawn yet: a program would do it.
        or bool(part.get("/NeedAppearances"))
    )
    if acts:
        raise Unwelcome(Refusal.ACTIVE)
    for key in LEFT_OUT:
        if key in keys:
            del part[key]


def _named(part: Object, key: str) -> str:
    value = part.get(key)
    return str(value) if isinstance(value, Name) else ""


def _size(stream: Stream) -> int:
    """How many bytes the stream unpacks to. Raises Unwelcome where that, or the picture that it is, is too much."""
    if _named(stream, "/Subtype") == "/Image":
        width, height = stream.get("/Width"), stream.get("/Height")
        if (
            not (isinstance(width, int) and isinstance(height, int))
            or width * height > PIXELS_ON_A_PAGE
        ):
            raise Unwelcome(Refusal.TOO_MUCH)
    try:
        size = len(stream.read_bytes())
    except pikepdf.PdfError:
        # Packed as a photo, which only who looks at it unpacks.
        size = len(stream.read_raw_bytes())
    if size > STREAM:
        raise Unwelcome(Refusal.TOO_MUCH)
    return size

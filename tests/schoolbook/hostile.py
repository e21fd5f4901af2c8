"""Files that somebody sends as evidence: good ones, and ones that want to do harm."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, String
from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo

SCRIPT = b"<script>alert(document.cookie)</script>"
PAGE_TEXT = b"BT /F1 12 Tf 72 720 Td (Bai kiem tra) Tj ET"


def pdf(change: Callable[[Pdf], object] = lambda _pdf: None, **options: Any) -> bytes:
    """A PDF of one page with some text, changed."""
    written = BytesIO()
    with Pdf.new() as made:
        made.add_blank_page()
        page = made.pages[0].obj
        page.Contents = made.make_stream(PAGE_TEXT)
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        page.Resources = Dictionary(Font=Dictionary(F1=font))
        change(made)
        if "encryption" not in options:
            options["stream_decode_level"] = pikepdf.StreamDecodeLevel.none
        made.save(written, **options)
    return written.getvalue()


def script(**more: Any) -> Dictionary:
    """An action that runs JavaScript."""
    return Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"), **more)


def action(kind: str, **more: Any) -> Dictionary:
    """An action of a kind."""
    return Dictionary({"/S": Name(f"/{kind}"), **{f"/{name}": one for name, one in more.items()}})


def annotate(made: Pdf, **entries: Any) -> None:
    """Put an annotation on the page."""
    box = Array([10, 10, 100, 100])
    note = Dictionary(
        {"/Type": Name.Annot, "/Rect": box, **{f"/{k}": v for k, v in entries.items()}}
    )
    made.pages[0].obj.Annots = Array([made.make_indirect(note)])


def in_root(made: Pdf, **entries: Any) -> None:
    """Put something into the catalogue."""
    for name, value in entries.items():
        made.Root[f"/{name}"] = value


def attach(made: Pdf) -> None:
    """Attach a file."""
    made.attachments["x.exe"] = b"MZ"


def field(made: Pdf, form: dict[str, Any] | None = None, **entries: Any) -> None:
    """Make the page a form with one field."""
    annotate(made, Subtype=Name.Widget, FT=Name.Tx, T=String("x"), **entries)
    fields = Array([made.pages[0].obj.Annots[0]])
    made.Root.AcroForm = Dictionary({"/Fields": fields, **(form or {})})


def resource(made: Pdf, value: Any) -> None:
    """Put a drawing into the resources of the page."""
    made.pages[0].obj.Resources.XObject = Dictionary(X1=made.make_indirect(value))


def stream(made: Pdf, data: bytes, **entries: Any) -> Any:
    """A stream as it is in the file."""
    made_of = made.make_stream(data)
    for name, value in entries.items():
        made_of[f"/{name}"] = value
    return made_of


def deep(made: Pdf) -> None:
    """A script a hundred lists deep, where nothing should be."""
    inner: Any = script()
    for _level in range(100):
        inner = Array([inner])
    made.Root.Odd = Dictionary(Inside=inner)


ACTIVE: dict[str, Callable[[Pdf], object]] = {
    "a script on opening": lambda made: in_root(made, OpenAction=script()),
    "a script by name": lambda made: in_root(
        made, Names=Dictionary(JavaScript=Dictionary(Names=Array([String("x"), script()])))
    ),
    "a script on closing": lambda made: in_root(made, AA=Dictionary(WC=script())),
    "a script of a page": lambda made: made.pages[0].obj.__setitem__("/AA", Dictionary(O=script())),
    "a script of a link": lambda made: annotate(made, Subtype=Name.Link, A=script()),
    "a script after a step": lambda made: annotate(
        made, Subtype=Name.Link, A=action("GoTo", D=Array([0]), Next=Array([script()]))
    ),
    "a script as a stream": lambda made: in_root(
        made, OpenAction=action("Odd", JS=made.make_stream(b"app.alert(1)"))
    ),
    "a script of a field": lambda made: field(made, AA=Dictionary(K=script())),
    "a script of a bookmark": lambda made: in_root(
        made, Outlines=Dictionary(First=made.make_indirect(Dictionary(A=script())))
    ),
    "a script that nothing names": lambda made: in_root(made, Odd=made.make_indirect(script())),
    "a script deep inside": deep,
    "a script whose kind is elsewhere": lambda made: in_root(
        made, OpenAction=Dictionary(S=made.make_indirect(Name.JavaScript), N=1)
    ),
    "a form that another program fills in": lambda made: field(
        made, {"/XFA": made.make_stream(b"<xdp/>")}
    ),
    "fields that are not drawn": lambda made: field(made, {"/NeedAppearances": True}),
    "an attached file": attach,
    "a file on the page": lambda made: annotate(made, Subtype=Name.FileAttachment),
    "a film": lambda made: annotate(made, Subtype=Name.Movie),
    "a sound": lambda made: annotate(made, Subtype=Name.Sound),
    "a screen": lambda made: annotate(made, Subtype=Name.Screen),
    "rich media": lambda made: annotate(made, Subtype=Name.RichMedia),
    "three dimensions": lambda made: annotate(made, Subtype=Name("/3D")),
    "PostScript": lambda made: resource(
        made, stream(made, b"showpage", Type=Name.XObject, Subtype=Name.PS)
    ),
    "data of another file": lambda made: resource(made, stream(made, b"", F=String("/etc/passwd"))),
    **{
        kind: lambda made, kind=kind: annotate(made, Subtype=Name.Link, A=action(kind))  # type: ignore[misc]
        for kind in (
            "Launch",
            "SubmitForm",
            "ImportData",
            "ResetForm",
            "GoToR",
            "GoToE",
            "Rendition",
            "Movie",
            "Sound",
            "GoTo3DView",
            "RichMediaExecute",
        )
    },
}


def loop(made: Pdf) -> None:
    """The page tree has itself as a branch."""
    made.Root.Pages.Kids.append(made.Root.Pages)


def no_pages(made: Pdf) -> None:
    """There is nothing to see."""
    made.Root.Pages.Kids, made.Root.Pages.Count = Array([]), 0


def many_pages(made: Pdf) -> None:
    """One page more than are taken."""
    for _page in range(100):
        made.add_blank_page()


def many_objects(made: Pdf) -> None:
    """More objects than a hundred pages have."""
    made.Root.Odd = Array([made.make_indirect(Dictionary(N=n)) for n in range(50_001)])


def bomb(made: Pdf, *, times: int = 1) -> None:
    """A few kilobytes that unpack to 70 megabytes."""
    data = b"\0" * 70 * 2**20
    for _time in range(times):
        data = zlib.compress(data)
    packed = made.make_stream(b"")
    packed.write(data, filter=Array([Name.FlateDecode] * times), type_check=False)
    made.pages[0].obj.Contents = packed


def huge_picture(made: Pdf) -> None:
    """A picture of a million times a million dots."""
    resource(
        made,
        stream(made, b"\0", Type=Name.XObject, Subtype=Name.Image, Width=10**6, Height=10**6),
    )


def packed_objects_bomb() -> bytes:
    """A page whose objects are in a stream that unpacks to 700 megabytes."""
    objects = [
        b"<</Type/Catalog/Pages 5 0 R>>",
        b"<</Type/Pages/Count 1/Kids[6 0 R]>>",
        b"<</Type/Page/Parent 5 0 R/MediaBox[0 0 9 9]>>",
    ]
    places = [sum(map(len, objects[:number])) for number in range(3)]
    index = b" ".join(b"%d %d" % (number + 4, place) for number, place in enumerate(places)) + b" "
    packer = zlib.compressobj()
    packed = packer.compress(index + b"".join(objects))
    packed += b"".join(packer.compress(b" " * 2**20) for _each in range(700)) + packer.flush()
    head = b"%PDF-1.5\n"
    words = b"1 0 obj\n<</Type/ObjStm/N 3/First %d/Filter/FlateDecode/Length %d>>stream\n"
    body = head + words % (len(index), len(packed)) + packed + b"\nendstream\nendobj\n"
    rows = [(0, 0, 0), (1, len(head), 0), (1, len(body), 0), (0, 0, 0)]
    rows += [(2, 1, number) for number in range(3)]
    entries = b"".join(struct.pack(">BIB", *row) for row in rows)
    table = b"2 0 obj\n<</Type/XRef/Size 7/W[1 4 1]/Root 4 0 R/Length %d>>stream\n" % len(entries)
    return body + table + entries + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % len(body)


def zipped() -> bytes:
    """A small ZIP with a page in it."""
    written = BytesIO()
    with ZipFile(written, "w") as made:
        made.writestr("x.html", SCRIPT)
    return written.getvalue()


def picture(
    kind: str = "PNG", size: tuple[int, int] = (60, 40), mode: str = "RGB", **how: Any
) -> bytes:
    """A picture whose left half is red."""
    made = Image.new("RGB", size, "white")
    made.paste("red", (0, 0, size[0] // 2, size[1]))
    written = BytesIO()
    made.convert(mode).save(written, kind, **how)
    return written.getvalue()


def photo() -> bytes:
    """A photo with everything a telephone writes into it, taken with the phone on its side."""
    exif = Image.Exif()
    exif[0x0112] = 6  # turn it to the right
    exif[0x010F] = "Hang May Anh"
    exif.get_ifd(0x8825)[1] = "N"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return picture("JPEG", exif=exif, comment=SCRIPT, icc_profile=profile, dpi=(300, 300))


def told() -> bytes:
    """A PNG with words in it."""
    words = PngInfo()
    words.add_text("Author", "Nguyen Van X")
    words.add_itxt("Comment", SCRIPT.decode(), zip=True)
    return picture("PNG", pnginfo=words, dpi=(300, 300))


def moving() -> bytes:
    """A PNG of many pictures."""
    frames = [Image.new("RGB", (8, 8), (n, 0, 0)) for n in range(20)]
    written = BytesIO()
    frames[0].save(written, "PNG", save_all=True, append_images=frames[1:])
    return written.getvalue()


def claims(width: int, height: int) -> bytes:
    """A PNG that says how large it is, and holds nothing."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def locked(user: str = "") -> bytes:
    """A PDF with a password, at least for changing it."""
    return pdf(encryption=pikepdf.Encryption(owner="x", user=user))


def dot(content: bytes, place: tuple[int, int]) -> Any:
    """Red, green, blue and how solid, at a place of a picture."""
    with Image.open(BytesIO(content)) as shown:
        return shown.convert("RGBA").getpixel(place)

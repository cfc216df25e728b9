"""Makes a tagged PDF (PDF/UA-1) of one page of HTML: the page comes by standard input, the PDF goes to standard output.

Where PDF documents are bound into it, a first line says so: "bind", then the length of the page and of each document in
bytes; all of them follow, one behind the other. Comments of the page say where each document goes, by its number:

    <!--bound 1-->if it can be bound<!--unbound-->if it cannot<!--end-->

In the first part <!--count--> becomes how many pages it has, and what stands between <!--each--> and <!--each end--> is
repeated for each of them, <!--n--> becoming which it is. An element with the id <!--place--> has a sheet to itself; the
page of the document is drawn below it. So numbers of pages, index and outline come from one and the same layout.

The server starts it once for each document and hands it nothing else. It keeps itself within bounds before it reads a
byte: processor time, memory, no file written, no socket. Whatever the page refers to is refused, so that the page and
the system's own fonts are all that it reads. Status 65: the page cannot be used. 69: WeasyPrint cannot be loaded.
"""

import ctypes
import io
import logging
import platform
import re
import resource
import struct
import sys
import zlib

SECONDS = 60
MEGABYTES = 1024
# So large a page may be, and so much, in so many pages, all that is bound into it.
MOST, MOST_BOUND, MOST_PAGES = 16 << 20, 100 << 20, 2000
# So much may draw a page, pictures aside.
MOST_DRAWN = 64 << 20
# What the foot of a sheet needs, in points: 30 mm, as the widest margin of a page of ours. And the gap above.
FOOT, GAP = 85, 6

UNUSABLE, UNAVAILABLE = 65, 69
PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, FILTER = 38, 22, 2
LOAD, EQUAL, RETURN = 0x20, 0x15, 0x06
ALLOW, DENY = 0x7FFF0000, 0x00050000 | 13
# By machine: its number for the kernel, and that of the call socket().
MACHINES = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}


def limited():
    """Ends by itself where it takes too long; takes so much memory at most; no file grows."""
    for limit, most in (
        (resource.RLIMIT_CPU, SECONDS), (resource.RLIMIT_AS, MEGABYTES << 20), (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))


def without_network():
    """From here on the kernel makes no socket for this process, on the machines whose numbers are known here."""
    machine = MACHINES.get(platform.machine())
    if machine is None:
        return
    rules = b"".join(struct.pack("HBBI", *rule) for rule in (
        (LOAD, 0, 0, 4), (EQUAL, 0, 2, machine[0]), (LOAD, 0, 0, 0), (EQUAL, 1, 0, machine[1]), (RETURN, 0, 0, ALLOW),
        (RETURN, 0, 0, DENY),
    ))
    held = ctypes.create_string_buffer(rules, len(rules))
    program = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(rules) // 8, ctypes.addressof(held)))
    library = ctypes.CDLL(None, use_errno=True)
    if library.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) or library.prctl(PR_SET_SECCOMP, FILTER, program, 0, 0):
        raise OSError(ctypes.get_errno(), "the kernel does not take the filter of calls")


def ended(status, words):
    """Says why there is no PDF: never with words of the page, which is about somebody."""
    print(words, file=sys.stderr)
    return status


class Unbindable(Exception):
    """A document of which not every page can be drawn here as it is."""

    def __init__(self, number):
        super().__init__(number)
        self.number = number


def parts(sent):
    """The page, and the documents that are bound into it; the page is empty where the lengths are not right."""
    if not sent.startswith(b"bind "):
        return sent, []
    head, _, rest = sent[:4096].partition(b"\n")
    words = head.split()[1:]
    if not words or not all(re.fullmatch(rb"[0-9]{1,9}", word) for word in words):
        return b"", []
    made, at = [], len(head) + 1
    for length in map(int, words):
        made.append(sent[at:at + length])
        at += length
    if at != len(sent) or sum(map(len, made[1:])) > MOST_BOUND:
        return b"", []
    return made[0], made[1:]


def filled(page, counts):
    """The page with one of each two parts; a document that cannot be bound has no count."""
    def one(found):
        number = int(found[1])
        count = counts.get(number)
        if count is None:
            return found[3]

        def sheets(each):
            return "".join(
                each[1].replace("<!--n-->", str(n + 1)).replace("<!--place-->", f"sheet-{number}-{n + 1}")
                for n in range(count))
        return re.sub("<!--each-->(.*?)<!--each end-->", sheets, found[2], flags=re.S).replace(
            "<!--count-->", str(count))
    return re.sub("<!--bound ([0-9]+)-->(.*?)<!--unbound-->(.*?)<!--end-->", one, page, flags=re.S)


def opened(documents):
    """The documents that can be bound, by number. Not one that would show less here, or more, than by itself."""
    from pypdf import PdfReader

    made, total = {}, 0
    for number, document in enumerate(documents, 1):
        try:
            reader = PdfReader(io.BytesIO(document))
            # Its words are behind a password; or its program writes them; or layers of it are not to be seen.
            if reader.is_encrypted or reader.root_object.get("/NeedsRendering") or hides(reader.root_object):
                continue
            count = len(reader.pages)
        except Exception:
            continue
        if 0 < count <= MOST_PAGES - total:
            made[number], total = reader, total + count
    return made


def hides(root):
    layers = root.get("/OCProperties")
    usual = layers.get_object().get("/D") if layers is not None else None
    hidden = usual.get_object().get("/OFF") if usual is not None else None
    return bool(hidden is not None and len(hidden.get_object()))


def printed(page, documents, render):
    """The PDF of the page with the documents in it, those left out that cannot be drawn."""
    readers = opened(documents)
    while True:
        layout = render(filled(page, {number: len(reader.pages) for number, reader in readers.items()}))
        made = layout.write_pdf(pdf_variant="pdf/ua-1")
        if not readers:
            return made
        try:
            return bound(made, places(layout), readers)
        except Unbindable as fault:
            del readers[fault.number]


def places(layout):
    """Of each page of each document the sheet that waits for it, and what is free there: left, top and right."""
    return {
        tuple(map(int, name.split("-")[1:])): (index, [0.75 * left, 0.75 * (sheet.height - bottom), 0.75 * right])
        for index, sheet in enumerate(layout.pages)
        for name, (left, _, right, bottom) in sheet.anchors.items() if re.fullmatch("sheet-[0-9]+-[0-9]+", name)
    }


def bound(made, sheets, readers):
    """Draws each page of each document on its sheet."""
    from pypdf import PdfWriter

    writer = PdfWriter(clone_from=io.BytesIO(made))
    own = len(writer._objects)
    for number, reader in readers.items():
        try:
            for n, page in enumerate(reader.pages, 1):
                index, room = sheets[number, n]
                draw(writer, writer.pages[index], page, room)
        except Exception:
            raise Unbindable(number) from None
    for thing in writer._objects[own:]:
        # Places in the tree of tags of another file.
        for key in ("/StructParent", "/StructParents") if hasattr(thing, "pop") else ():
            thing.pop(key, None)
    without_claim(writer)
    writer.pdf_header = "%PDF-1.7"
    kept = io.BytesIO()
    writer.write(kept)
    return kept.getbuffer()


def without_claim(writer):
    """That all of it is as PDF/UA says holds for our own pages, and not for those of others."""
    from pypdf.generic import DecodedStreamObject, NameObject

    said = writer._root_object["/Metadata"].get_object().get_data()
    told = DecodedStreamObject()
    told.set_data(re.sub(rb"<pdfuaid:(\w+)>.*?</pdfuaid:\1>|\spdfuaid:\w+=\"[^\"]*\"", b"", said))
    told.update({NameObject("/Type"): NameObject("/Metadata"), NameObject("/Subtype"): NameObject("/XML")})
    writer._root_object[NameObject("/Metadata")] = writer._add_object(told)


def draw(writer, sheet, page, room):
    """Draws a page, with what was filled in and stamped on it, as large as the room allows; never larger than it is."""
    from pypdf.generic import ArrayObject, DecodedStreamObject, NameObject

    left, bottom, right, top = (float(side) for side in page.cropbox)
    left, right, bottom, top = min(left, right), max(left, right), min(bottom, top), max(bottom, top)
    if not (1 <= right - left <= 20000 and 1 <= top - bottom <= 20000):
        raise ValueError("a page of no size")
    form = figure(writer, page, [left, bottom, right, top])
    drawn = [("1 0 0 1 0 0", form)] + [fitted(writer, note) for note in notes(page)]
    fit = fitting([left, bottom, right, top], page.rotation % 360, room)
    lines, names = [], shared(sheet)
    for matrix, shape in drawn:
        name = NameObject(f"/Bound{len(names)}")
        names[name] = shape
        lines.append(f"q {matrix} cm {name} Do Q")
    area = f"{left:.3f} {bottom:.3f} {right - left:.3f} {top - bottom:.3f} re"
    mark = tagged(writer, sheet)
    content = DecodedStreamObject()
    content.set_data("\n".join([
        f"q {fit} cm", f"/Artifact BMC q 0.6 G 0.7 w {area} S Q EMC", f"{area} W n", f"/P <</MCID {mark}>> BDC",
        *lines, "EMC Q", ""]).encode())
    # Before what we print: whatever that changes does not touch it.
    own = sheet.get("/Contents")
    own = list(own.get_object()) if isinstance(own.get_object(), list) else [sheet.raw_get("/Contents")]
    sheet[NameObject("/Contents")] = ArrayObject([writer._add_object(content.flate_encode()), *own])


def shared(sheet):
    """The named shapes of a sheet, in resources that are its alone."""
    from pypdf.generic import DictionaryObject, NameObject

    resources = DictionaryObject(sheet["/Resources"].get_object())
    names = DictionaryObject(resources["/XObject"].get_object() if "/XObject" in resources else {})
    resources[NameObject("/XObject")] = names
    sheet[NameObject("/Resources")] = resources
    return names


def figure(writer, page, area):
    """A page as a shape that can be drawn, with its own words, fonts and pictures."""
    from pypdf.generic import ArrayObject, DecodedStreamObject, DictionaryObject, FloatObject, NameObject

    content = page["/Contents"].get_object() if "/Contents" in page else []
    pieces = content if isinstance(content, list) else [content]
    data = b"\n".join(whole(piece.get_object()) for piece in pieces)
    shape = DecodedStreamObject()
    # Numbers of its own tags would be taken for ours.
    shape.set_data(re.sub(rb"/MCID(?=\s+[0-9])", b"/Mcid", data))
    shape = shape.flate_encode()
    resources = page["/Resources"].get_object() if "/Resources" in page else DictionaryObject()
    shape.update({
        NameObject("/Type"): NameObject("/XObject"), NameObject("/Subtype"): NameObject("/Form"),
        NameObject("/BBox"): ArrayObject(map(FloatObject, area)), NameObject("/Resources"): resources.clone(writer),
    })
    if "/Group" in page:
        shape[NameObject("/Group")] = page["/Group"].get_object().clone(writer)
    return writer._add_object(shape)


def whole(piece):
    """What a page is drawn by. A damaged one would be read as far as it goes, and the rest would be missing unsaid."""
    if piece.get("/Filter") in ("/FlateDecode", ["/FlateDecode"]):
        zlib.decompressobj().decompress(piece._data, MOST_DRAWN)
    data = piece.get_data()
    if len(data) > MOST_DRAWN:
        raise ValueError("too much to draw")
    return data


def fitting(area, turned, room):
    """The matrix that puts an area of a page, turned as it is to be seen, into the room of a sheet."""
    (left, bottom, right, top), (start, high, end) = area, room
    wide, tall = right - left, top - bottom
    a, b, c, d, e, f = {
        0: (1, 0, 0, 1, 0, 0), 90: (0, -1, 1, 0, 0, wide), 180: (-1, 0, 0, -1, wide, tall),
        270: (0, 1, -1, 0, tall, 0),
    }[turned]
    e, f = e - a * left - c * bottom, f - b * left - d * bottom
    if turned in (90, 270):
        wide, tall = tall, wide
    scale = min(1, (end - start) / wide, (high - GAP - FOOT) / tall)
    if scale <= 0:
        raise ValueError("no room")
    across, up = start + (end - start - scale * wide) / 2, high - GAP - scale * tall
    numbers = [scale * a, scale * b, scale * c, scale * d, scale * e + across, scale * f + up]
    return " ".join(f"{number:.5f}" for number in numbers)


def notes(page):
    """What was filled in, stamped or written on a page and is to be seen on paper."""
    for note in page["/Annots"].get_object() if "/Annots" in page else []:
        note = note.get_object()
        kind, flags = note.get("/Subtype"), int(note.get("/F", 0))
        # Hidden, or not to be seen.
        if kind in ("/Link", "/Popup") or flags & (2 | 32):
            continue
        looks = note["/AP"].get_object().get("/N") if "/AP" in note else None
        shape = looks.get_object() if looks is not None else None
        if shape is not None and not hasattr(shape, "get_data"):
            shape = shape.get(note.get("/AS", "/Off"))
            shape = shape.get_object() if shape is not None else None
        if shape is not None:
            yield note, shape
        elif kind == "/Widget" and looks is None and told(note):
            raise ValueError("words that were filled in, without how they look")


def told(field):
    """Whether something was filled in there."""
    while field is not None:
        if field.get("/V") not in (None, "", "/Off"):
            return True
        field = field["/Parent"].get_object() if "/Parent" in field else None
    return False


def fitted(writer, note):
    """The shape of a note, and the matrix that puts it where the note stands (ISO 32000-1, 12.5.5)."""
    note, shape = note
    x1, y1, x2, y2 = (float(side) for side in note["/Rect"].get_object())
    left, bottom, right, top = (float(side) for side in shape["/BBox"].get_object())
    a, b, c, d, e, f = (float(number) for number in shape.get("/Matrix", [1, 0, 0, 1, 0, 0]))
    corners = [(a * x + c * y + e, b * x + d * y + f) for x in (left, right) for y in (bottom, top)]
    start, low = (min(corner[axis] for corner in corners) for axis in (0, 1))
    end, high = (max(corner[axis] for corner in corners) for axis in (0, 1))
    across = (max(x1, x2) - min(x1, x2)) / (end - start) if end > start else 1
    up = (max(y1, y2) - min(y1, y2)) / (high - low) if high > low else 1
    matrix = f"{across:.5f} 0 0 {up:.5f} {min(x1, x2) - across * start:.5f} {min(y1, y2) - up * low:.5f}"
    return matrix, shape.clone(writer).indirect_reference


def tagged(writer, sheet):
    """Gives what is drawn a place in the tree of tags, behind the last words of ours on the sheet; and its number."""
    from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NumberObject

    numbers = writer._root_object["/StructTreeRoot"]["/ParentTree"]["/Nums"]
    marks = numbers[list(numbers).index(sheet["/StructParents"]) + 1].get_object()
    last = next(filter(None, (paragraph(mark.get_object()) for mark in reversed(marks))))
    above = last["/P"].get_object()
    tag = writer._add_object(DictionaryObject({
        NameObject("/Type"): NameObject("/StructElem"), NameObject("/S"): NameObject("/P"),
        NameObject("/P"): above.indirect_reference, NameObject("/Pg"): sheet.indirect_reference,
        NameObject("/K"): NumberObject(len(marks)),
    }))
    kinds = above["/K"].get_object()
    at = next(at for at, kind in enumerate(kinds) if kind.get_object() is last)
    above[NameObject("/K")] = ArrayObject([*kinds[:at + 1], tag, *kinds[at + 1:]])
    marks.append(tag)
    return len(marks) - 1


def paragraph(tag):
    """The paragraph in which something stands; None for what stands at the foot, which is in none."""
    while tag is not None and tag.get("/S") not in (None, "/P"):
        tag = tag["/P"].get_object() if "/P" in tag else None
    return tag if tag is not None and tag.get("/S") == "/P" else None


def main():
    limited()
    without_network()
    page, documents = parts(sys.stdin.buffer.read(MOST + MOST_BOUND + 4097))
    logging.disable(logging.CRITICAL)
    try:
        from weasyprint import HTML
        from weasyprint.urls import FatalURLFetchingError
        if documents:
            import pypdf  # noqa: F401
    except (ImportError, OSError) as error:
        return ended(UNAVAILABLE, f"What prints cannot be loaded: {type(error).__name__}")
    if not page or len(page) > MOST:
        return ended(UNUSABLE, "The page is empty or too large.")

    def refuse(url, *_, **__):
        raise FatalURLFetchingError("the page refers to something outside of it")

    try:
        made = printed(page.decode(), documents, lambda words: HTML(string=words, url_fetcher=refuse).render(
            pdf_variant="pdf/ua-1"))
    except (FatalURLFetchingError, UnicodeDecodeError) as error:
        return ended(UNUSABLE, f"The page cannot be used: {type(error).__name__}")
    sys.stdout.buffer.write(made)
    sys.stdout.buffer.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())

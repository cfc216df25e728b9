"""`continuum deadlines` beside a second reading of the law, written apart from it, which walks a calendar a day at a time."""

import csv
import datetime
import os
import random
import subprocess

import pytest
from conftest import PROGRAM, ROOT, continuum

DAY = datetime.timedelta(1)
COLUMNS = ["case_id", "due_date", "excused", "rule_version", "explanation"]
RULES = {rule["rule_id"]: rule for rule in csv.DictReader(open(ROOT / "share/law/rules.csv", encoding="utf-8"))}
HOLIDAYS = {
    row["date"] for name in ("bank_holidays_england", "england_bank_holidays_2010_2035")
    for row in csv.DictReader(open(ROOT / f"share/calendar/{name}.csv", encoding="utf-8"))}
# What the regulations let excuse what, from the reference and not from the product’s files: days of absence that are needed,
# whether closings, circumstances, missed appointments and coronavirus count.
GROUNDS = {}
for ids, grounds in {
    "E-DECIDE E-NOPLAN E-FINAL E-REASSESS-FINAL": (28, "closed circumstances corona"),
    "E-ADVICE": (28, "circumstances missed corona"),
    "T-CEASE T-ASSESS-TELL T-ASSESS-NO T-ASSESS-FINAL T-MAKE-DRAFT T-MAKE-FINAL T-REMIT T-AMEND T-NAME T-CONTINUE":
        (14, "circumstances"),
    "S-DECIDE S-DECIDE-P S-DECIDE-S": (28, "closed circumstances"),
    "S-ASSESS": (28, "closed circumstances missed"), "S-ADVICE": (28, "circumstances missed"),
    "S-FINAL S-AMEND-AR": (28, "circumstances"),
}.items():
    GROUNDS |= {rule: grounds for rule in ids.split()}


class CannotSay(Exception):
    pass


def iso(text):
    return datetime.date.fromisoformat(text)


def works(day):
    if not 2001 <= day.year <= 2035:
        raise CannotSay
    return day.weekday() < 5 and day.isoformat() not in HOLIDAYS


def counts_for_tribunal(day):
    return works(day) and day.month != 8 and (day.month, day.day) not in [(12, d) for d in range(25, 32)] + [(1, 1)]


def walk(day, count, step, counts=lambda day: True):
    while count:
        day += step
        count -= bool(counts(day))
    return day


def month_later(day, months, step):
    """Walks to the month that is so many months on, then to the date or the month’s end; and whether the date is there."""
    at, left = day, months
    while left:
        before, at = at.month, at + step
        left -= at.month != before
    at = at.replace(day=1)
    while at.day < day.day and (at + DAY).month == at.month:
        at += DAY
    return at, at.day == day.day


def last_day(quantity, unit, count, roll, day):
    if unit in ("day", "week"):
        length = quantity * (7 if unit == "week" else 1)
        if count == "beginning_with":
            return walk(day, length - 1, DAY)
        return walk(day, length, DAY if count == "after" else -DAY)
    if unit == "month":
        end, is_there = month_later(day, quantity, -DAY if count == "at_least_before" else DAY)
        return end - DAY if count == "beginning_with" and is_there else end
    if count == "at_least_before":
        return walk(day, quantity, -DAY, works)
    if count == "beginning_with":
        while not works(day):
            day += DAY
        quantity -= 1
    return walk(day, quantity, DAY, counts_for_tribunal if roll == "tribunal" else works)


def due(rule, day, facts):
    if day < iso(rule["valid_from"]) or rule["valid_to"] and day > iso(rule["valid_to"]):
        raise CannotSay
    quantity, unit, count = rule["quantity"], rule["unit"], rule["count"]
    if not quantity:
        return None
    if unit == "date_in_transfer_year":
        end = iso(f"{day.year}-{quantity}")
        return end - DAY if count == "before" else end
    if rule["rule_id"] == "E-MOVE-REVIEW":
        if "last_review" not in facts or facts["last_review"][0] > day:
            raise CannotSay
        return max(last_day(12, unit, count, "none", facts["last_review"][0]), last_day(3, unit, count, "none", day))
    if rule["rule_id"] == "T-APPEAL":
        end = last_day(2, unit, count, "none", day)
        if "mediation_certificate" in facts:
            if facts["mediation_certificate"][0] < day:
                raise CannotSay
            end = max(end, last_day(1, unit, count, "none", facts["mediation_certificate"][0]))
    else:
        end = last_day(int(quantity), unit, count, rule["roll"], day)
    while rule["roll"] == "tribunal" and not counts_for_tribunal(end):
        end += DAY
    return end


def excused(rule, day, end, facts):
    offered = {kind: fact for kind, fact in facts.items() if kind not in ("last_review", "mediation_certificate")}
    if not offered:
        return "n/a"
    absence, grounds = GROUNDS.get(rule["rule_id"], (0, ""))
    period, at = set(), day
    while grounds and at < end:
        at += DAY
        period.add(at)
    answers = []
    for kind, fact in offered.items():
        if kind == "absent_from_area":
            answers.append(absence and sum(fact[0] <= at <= fact[1] for at in period) >= absence)
        if kind == "school_closed" and "closed" in grounds:
            answers.append((fact[1] - fact[0]).days >= 28 and fact[0] - 7 * DAY <= fact[2] <= fact[1] - 7 * DAY and fact[2] in period)
        if kind == "exceptional_circumstances" and "circumstances" in grounds:
            answers.append(fact[0] in period and fact[1] != "")
        if kind == "missed_appointment" and "missed" in grounds:
            answers.append(fact[0] in period)
        if kind == "coronavirus" and "corona" in grounds:
            answers.append(any(fact[0] <= at <= fact[1] and iso("2020-05-01") <= at <= iso("2020-09-25") for at in period))
    return "yes" if any(answers) else "no"


def written(kind, fact):
    keys = {"school_closed": ["first_closed", "reopens", "advice_requested"], "absent_from_area": ["from", "to"],
            "missed_appointment": ["date", "body"], "waiting_list": [], "exceptional_circumstances": ["date", "evidence"],
            "coronavirus": ["impractical"], "last_review": ["date"], "mediation_certificate": ["issued"]}[kind]
    if kind == "coronavirus":
        return f"coronavirus:impractical={fact[0]}..{fact[1]}"
    pairs = [f"{key}={value}" for key, value in zip(keys, fact) if value != ""]
    return kind + (":" + ";".join(pairs) if pairs else "")


def history(chance):
    """A rule, a day and facts, near the edges where readings part."""
    rule = RULES[chance.choice(list(RULES))]
    first = iso(rule["valid_from"]).toordinal() - 20
    last = (iso(rule["valid_to"]) if rule["valid_to"] else datetime.date(2036, 2, 1)).toordinal() + 20
    day = datetime.date.fromordinal(chance.randint(first, last))
    if chance.random() < 0.1:
        day = datetime.date(2020, 1, 1) + chance.randint(0, 300) * DAY
    length = {"week": 7, "month": 30}.get(rule["unit"], 1) * (int(rule["quantity"]) if rule["quantity"].isdigit() else 1)

    def near():
        return day + chance.choice([0, 1, -1, length, length + 1, chance.randint(-40, 200), length - chance.randint(0, 60)]) * DAY

    facts = {}
    for kind in ("school_closed", "absent_from_area", "missed_appointment", "waiting_list", "exceptional_circumstances", "coronavirus"):
        if chance.random() > 0.2:
            continue
        start = near()
        end = start + chance.choice([13, 14, 26, 27, 28, chance.randint(1, 90)]) * DAY
        facts[kind] = {
            "school_closed": (start, end + DAY, chance.choice([start, end + DAY]) + chance.choice([-8, -7, -6, 0, 5]) * DAY),
            "absent_from_area": (start, end), "missed_appointment": (start, "trust"), "waiting_list": (),
            "exceptional_circumstances": (start, chance.choice(["", "letter"])), "coronavirus": (start, end)}[kind]
    if chance.random() < (0.9 if rule["rule_id"] == "E-MOVE-REVIEW" else 0.05):
        facts["last_review"] = (day - chance.randint(-5, 800) * DAY,)
    if chance.random() < (0.6 if rule["rule_id"] == "T-APPEAL" else 0.05):
        facts["mediation_certificate"] = (day + chance.randint(-3, 90) * DAY,)
    return rule, day, facts


def run(folder, lines, *more):
    cases, out = folder / "cases.csv", folder / "out.csv"
    with open(cases, "w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([["case_id", "rule_id", "trigger_date", "facts"], *lines])
    done = continuum("deadlines", cases, "--out", out, *more)
    if done.returncode not in (0, 2):
        return done, None
    with open(out, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert not rows or list(rows[0]) == COLUMNS
    assert [row["case_id"] for row in rows] == [line[0] for line in lines]
    return done, rows


def test_a_second_reading_of_the_law_agrees_on_random_histories(tmp_path):
    """A slice of them here; bin/prove sets CONTINUUM_HISTORIES to 100,000."""
    seed, count = 20261128, int(os.environ.get("CONTINUUM_HISTORIES", 10_000))
    chance = random.Random(seed)
    histories = [history(chance) for _ in range(count)]
    done, rows = run(tmp_path, [
        [f"c{number}", rule["rule_id"], day, "|".join(written(kind, fact) for kind, fact in facts.items())]
        for number, (rule, day, facts) in enumerate(histories)])
    assert done.returncode == 2
    told = {"yes": 0, "no": 0, "n/a": 0, "cannot": 0}
    for row, (rule, day, facts) in zip(rows, histories, strict=True):
        try:
            end = due(rule, day, facts)
            wanted = (end.isoformat() if end else "", excused(rule, day, end or day, facts))
            told[wanted[1]] += 1
            assert row["rule_version"].startswith(rule["valid_from"] + "-")
            assert rule["rule_id"] in row["explanation"] and day.isoformat() in row["explanation"]
            assert ("not checked against the instrument" in row["explanation"]) == (rule["text_seen"] != "yes")
        except CannotSay:
            wanted = ("", "n/a")
            told["cannot"] += 1
            assert row["explanation"].startswith("Cannot say: ")
        assert (row["due_date"], row["excused"]) == wanted, (seed, rule["rule_id"], day, facts, row)
    assert min(told.values()) > count / 100, told


@pytest.mark.parametrize("rule, day, facts, end", [
    ("E-DECIDE", "2026-01-12", "", "2026-02-23"), ("E-NOPLAN", "2026-01-12", "", "2026-05-04"),
    ("E-FINAL", "2026-03-16", "", "2026-08-03"), ("E-REPS", "2026-06-22", "", "2026-07-06"),
    ("T-APPEAL", "2026-03-23", "mediation_certificate:issued=2026-04-10", "2026-05-26"),
    ("E-PHASE-SCHOOL", "2027-09-01", "", "2027-02-14"), ("E-PHASE-P16", "2027-09-01", "", "2027-03-30"),
    ("E-MOVE-XFER", "2026-03-30", "", "2026-04-21"), ("E-AR-12M", "2028-02-29", "", "2029-02-28"),
])
def test_the_second_reading_and_the_first_give_the_dates_that_were_checked_by_hand(tmp_path, rule, day, facts, end):
    done, (row,) = run(tmp_path, [["a", rule, day, facts]])
    assert done.returncode == 0 and row["due_date"] == end and row["excused"] == "n/a"
    certificate = {"mediation_certificate": (iso(facts[-10:]),)} if facts else {}
    assert due(RULES[rule], iso(day), certificate).isoformat() == end


def test_a_rule_without_a_period_is_answered_without_a_date(tmp_path):
    done, rows = run(tmp_path, [["a", "E-ACK", "2026-03-16", ""], ["b", "E-MED-DO", "2026-03-16", "waiting_list"]])
    assert done.returncode == 0
    assert [(row["due_date"], row["excused"]) for row in rows] == [("", "n/a"), ("", "no")]
    assert all("The law sets no period" in row["explanation"] for row in rows)


def test_rows_that_cannot_be_answered_say_why_and_the_rest_are_answered(tmp_path):
    done, rows = run(tmp_path, [
        ["a", "E-FINAL", "2026-03-16", ""], ["a", "E-FINAL", "2026-03-16", ""], ["", "E-FINAL", "2026-03-16", ""],
        ["b", "E-END", "2026-03-16", ""], ["c", "E-FINAL", "16/03/2026", ""], ["d", "E-FINAL", "", ""],
        ["e", "E-FINAL", "2014-08-31", ""], ["f", "S-FINAL", "2018-04-01", ""], ["g", "T-RESPONSE", "2035-12-20", ""],
        ["h", "E-FINAL", "2026-03-16", "flood"], ["i", "E-FINAL", "2026-03-16", "waiting_list:long=yes"],
        ["j", "E-FINAL", "2026-03-16", "absent_from_area:from=2026-05-02;to=2026-05-01"],
        ["k", "E-MOVE-REVIEW", "2026-03-16", ""], ["l", "E-FINAL", "2026-03-16", "waiting_list|waiting_list"],
        ["m", "E-FINAL", "2026-03-16", "exceptional_circumstances:date=2026-12-01;evidence=letter"],
        ["n", "E-FINAL", "2027-03-16", ""]])
    assert done.returncode == 2 and "13 rows cannot be answered" in done.stderr and "E-END" not in done.stderr
    for row, word in zip(rows[1:14], [
            "earlier line", "“case_id” is empty", "not a rule", "write it as 2026-03-02", "no date", "lies outside", "lies outside",
            "2036", "no kind of fact", "no key", "contradicts", "last_review", "stands twice"], strict=True):
        assert row["due_date"] == "" and row["excused"] == "n/a" and word in row["explanation"], row
    assert rows[0]["due_date"] == "2026-08-03" and rows[14]["excused"] == "no" and "after the limit" in rows[14]["explanation"]
    assert rows[15]["due_date"] == "2027-08-03"


def test_a_file_that_cannot_be_read_changes_nothing(tmp_path):
    cases, out = tmp_path / "cases.csv", tmp_path / "out.csv"
    out.write_text("as it was")
    head = b"case_id,rule_id,trigger_date,facts\n" + b"a,E-FINAL,2026-03-16,\n" * 50_000
    for text, word in [
        (b"", "empty"), (b"case_id,rule_id\n", "trigger_date"), (head + b'b,"E-FINAL,2026-03-16,\n', "never closed"),
        (head + b"b,\xff,2026-03-16,\n", "line 50002 is not utf-8"), (head + b"b,\x00,2026-03-16,\n", "zero byte"),
    ]:
        cases.write_bytes(text)
        done = continuum("deadlines", cases, "--out", out)
        assert done.returncode == 1 and word in done.stderr.lower(), done.stderr
        assert out.read_text() == "as it was"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cases.csv", "out.csv"]
    for arguments, code in [
        (["deadlines", tmp_path / "none.csv", "--out", out], 1), (["deadlines", cases, "--out", tmp_path], 1),
        (["deadlines", cases, "--out", tmp_path / "no/out.csv"], 1), (["deadlines", tmp_path, "--out", out], 1),
        (["deadlines", cases], 64), (["deadlines", cases, "--out", out, "--share", tmp_path], 1),
    ]:
        assert continuum(*arguments).returncode == code, arguments
    assert out.read_text() == "as it was"


def test_memory_does_not_grow_with_the_file(tmp_path):
    peaks = []
    for count in (20_000, 200_000):
        cases = tmp_path / f"{count}.csv"
        with open(cases, "w") as file:
            file.write("case_id,rule_id,trigger_date,facts\n")
            file.writelines(f"case-{number},E-FINAL,2026-03-16,waiting_list\n" for number in range(count))
        done = subprocess.run(["/usr/bin/time", "-f", "%M", PROGRAM, "deadlines", cases, "--out", tmp_path / "out.csv"],
                              capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr
        peaks.append(int(done.stderr.splitlines()[-1]))
    assert peaks[1] < peaks[0] + 16_384, peaks

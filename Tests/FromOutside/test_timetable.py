"""The public timetable in a real browser, and as a calendar reads it."""

import datetime
import json
import urllib.error
import urllib.request

import pytest
from browsing import SHOTS, problems, visit

PAGES = {
    "timetable": "/timetable", "timetable-request": "/timetable?event=request&date=16/3/2026",
    "timetable-told": "/timetable?event=brought-to-attention&date=2026-01-12",
    "timetable-decision": "/timetable?event=decision&date=23/3/2026&mediation_certificate=10/4/2026",
    "timetable-meeting": "/timetable?event=review-meeting-planned&date=9/11/2026",
    "timetable-mistake": "/timetable?event=flood&date=30/2/2026", "timetable-old": "/timetable?event=request&date=1/3/2013",
}


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("width", [320, 1100])
def test_axe_finds_nothing_wrong_and_nothing_scrolls_sideways(browser, server, name, width):
    page = visit(browser, server.url + PAGES[name], viewport={"width": width, "height": 800})
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"{name}-{width}.png", full_page=True)
    assert problems(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert [said for said in page.complaints if "400" not in said] == []
    assert all(url.startswith(server.url) for url in page.asked)


def test_a_parent_finds_the_dates_without_scripts(browser, server):
    page = visit(browser, server.url + "/", java_script_enabled=False, viewport={"width": 360, "height": 800})
    page.get_by_role("link", name="What must happen by when").click()
    page.get_by_label("What happened, or will happen?").select_option(
        label="The council was told of a child who has or may have special educational needs")
    page.get_by_role("button", name="Show the dates").click()
    assert page.get_by_role("link", name="Write the day, as 16/3/2026").is_visible()
    page.get_by_label("On what day?").fill("12/1/2026")
    page.get_by_role("button", name="Show the dates").click()
    told = page.locator("main").inner_text()
    for day in ("Monday 23 February 2026", "Monday 4 May 2026", "Monday 1 June 2026", "act by Friday 1 May 2026"):
        assert day in told
    picture = page.get_by_role("img", name="The dates on a line")
    assert picture.is_visible()
    assert page.locator("#E-FINAL .app-source").get_by_text("reg 13(2)").is_visible()


def test_what_the_picture_shows_lies_in_it(browser, server):
    for address in PAGES.values():
        page = visit(browser, server.url + address, viewport={"width": 320, "height": 800})
        for picture in page.locator(".app-timeline svg").all():
            frame = picture.bounding_box()
            boxes = [text.bounding_box() for text in picture.locator("text").all() if text.text_content().strip()]
            assert len(boxes) > 2
            for box in boxes:
                assert box["x"] >= frame["x"] and box["x"] + box["width"] <= frame["x"] + frame["width"] + 0.5
                assert box["y"] + box["height"] <= frame["y"] + frame["height"] + 0.5


def ask(server, path):
    try:
        with urllib.request.urlopen(server.url + path, timeout=20) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


def test_programs_and_calendars_are_answered_alike(server):
    for query, days in {
        "event=request&date=2026-03-16": {"E-DECIDE": "2026-04-27", "E-NOPLAN": "2026-07-06", "E-FINAL": "2026-08-03"},
        "event=decision&date=2026-03-23&mediation_certificate=2026-04-10": {"T-APPEAL": "2026-05-26"},
    }.items():
        status, headers, body = ask(server, "/timetable.json?" + query)
        assert status == 200 and headers["Content-Type"].startswith("application/json")
        limits = {limit["rule"]: limit for limit in json.loads(body)["limits"]}
        assert {rule: limits[rule]["due"] for rule in days} == days
        status, headers, body = ask(server, "/timetable.ics?" + query)
        assert status == 200 and headers["Content-Type"] == "text/calendar; charset=utf-8"
        lines = body.decode().split("\r\n")
        assert lines[0] == "BEGIN:VCALENDAR" and lines[-2:] == ["END:VCALENDAR", ""]
        assert "\n" not in "".join(lines) and max(len(line.encode()) for line in lines) <= 75
        starts = [line.split(":")[1] for line in lines if line.startswith("DTSTART;VALUE=DATE:")]
        ends = [line.split(":")[1] for line in lines if line.startswith("DTEND;VALUE=DATE:")]
        assert {day.replace("-", "") for day in days.values()} <= set(starts)
        for start, end in zip(starts, ends, strict=True):
            first = datetime.datetime.strptime(start, "%Y%m%d")
            assert first + datetime.timedelta(1) == datetime.datetime.strptime(end, "%Y%m%d")
    status, _, body = ask(server, "/timetable.json?event=request&date=16/3/2026&colour=red")
    assert status == 400 and [error["field"] for error in json.loads(body)["errors"]] == ["date", "colour"]

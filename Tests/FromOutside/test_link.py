"""`continuum link`, run as a statistician would run it: on sets that others made, on odd files, and where it is wrong."""

import csv
import gzip
import json
import random
import re
import subprocess
import xml.etree.ElementTree as ElementTree

import pytest
from conftest import PROGRAM, ROOT, continuum

DATA = ROOT / "bench/linkage/data"
FEBRL = [DATA / "febrl4_a.csv", DATA / "febrl4_b.csv"]
HISTORICAL = DATA / "historical_50k.csv.gz"


def score(text, what):
    line, = [line for line in text.splitlines() if line.startswith(what) and "precision" in line]
    return {name: float(value) for name, value in re.findall(r"(precision|recall|F1) ([0-9.]+)", line)}


def compared(text):
    return int(re.search(r"^pairs compared\t(\d+)$", text, re.M).group(1))


def records(folder, *lines, name="records.csv"):
    file = folder / name
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def test_two_files_of_others_are_linked_as_well_as_the_best_of_them(tmp_path):
    done = continuum("link", *FEBRL, "--id", "record_id", "--between", "--truth", "cluster", "--pairs", tmp_path / "pairs.csv",
                     "--clusters", tmp_path / "clusters.csv", "--model", tmp_path / "model.json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert score(done.stdout, "pairs at the best")["F1"] >= 0.9996
    assert score(done.stdout, "pairs at 0.5")["F1"] >= 0.999
    with open(tmp_path / "pairs.csv", newline="") as file:
        pairs = list(csv.DictReader(file))
    assert pairs and list(pairs[0]) == ["record_id_l", "record_id_r", "match_probability"]
    assert all(0.001 <= float(pair["match_probability"]) <= 1 for pair in pairs)
    assert all(pair["record_id_l"].split("-")[2][:3] != pair["record_id_r"].split("-")[2][:3] for pair in pairs)
    with open(tmp_path / "clusters.csv", newline="") as file:
        assert len(list(csv.DictReader(file))) == 10_000
    model = json.loads((tmp_path / "model.json").read_text())
    assert model["classes"][0]["name"] == "the same child" and len(model["fields"]) == len(model["levelNames"])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["clusters.csv", "model.json", "pairs.csv"]


@pytest.mark.parametrize("most, floor", [(450_741, 0.767), (2_322_367, 0.828)])
def test_fifty_thousand_records_of_the_past_are_linked_within_the_pairs_that_are_allowed(tmp_path, most, floor):
    config = records(tmp_path, json.dumps({"most_pairs": most}), name="config.json")
    done = continuum("link", HISTORICAL, "--id", "record_id", "--truth", "cluster", "--config", config,
                     "--pairs", tmp_path / "pairs.csv", "--clusters", tmp_path / "clusters.csv")
    assert done.returncode == 0, done.stderr
    assert compared(done.stdout) <= most
    assert score(done.stdout, "pairs at the best")["F1"] >= floor
    assert score(done.stdout, "clusters")["precision"] > 0.95
    for name in ["first_name", "surname", "dob", "postcode_fake"]:
        assert re.search(rf"^column\t{name}\t(?!ignored)", done.stdout, re.M)
    assert re.search(r"^column\tfull_name\tignored\t.*says again", done.stdout, re.M)


def test_one_processor_gives_the_same_bytes_as_all(tmp_path):
    outputs = []
    for number, before in enumerate([[], ["taskset", "-c", "0"]]):
        files = [tmp_path / f"{name}-{number}" for name in ["pairs", "clusters", "model"]]
        command = [*before, PROGRAM, "link", HISTORICAL, "--id", "record_id", "--ignore", "cluster", "--pairs", files[0],
                   "--clusters", files[1], "--model", files[2]]
        assert subprocess.run(command, capture_output=True).returncode == 0
        outputs.append([file.read_bytes() for file in files])
    assert outputs[0] == outputs[1]


def test_two_records_are_explained_in_words_and_weights_that_add_up(tmp_path):
    with open(FEBRL[1], newline="") as file:
        other = next(row["record_id"] for row in csv.DictReader(file) if row["cluster"] == "rec-1070")
    done = continuum("link", *FEBRL, "--id", "record_id", "--between", "--ignore", "cluster",
                     "--explain", "rec-1070-org", other, "--chart", tmp_path / "chart.svg")
    assert done.returncode == 0, done.stderr
    weights = [float(weight) for weight in re.findall(r"^(-?[0-9.]+)\t(?!in all)", done.stdout, re.M)]
    total = float(re.search(r"^(-?[0-9.]+)\tin all", done.stdout, re.M).group(1))
    assert len(weights) > 5 and abs(sum(weights) - total) < 0.06
    assert "These two records were put together as one child’s." in done.stdout
    root = ElementTree.parse(tmp_path / "chart.svg").getroot()
    assert root.tag.endswith("svg") and len(root.findall(".//{*}rect")) > 5


def test_a_packed_file_is_read_and_rows_that_cannot_be_are_named(tmp_path):
    text = "id,given,family,dob\n1,Ann,Smith,2015-01-02\n1,Bob,Jones,2011-02-03\n2,Ann,Smith,2015-01-02\n3,Eve\n,Cat,Low,2010-01-01\n"
    (tmp_path / "records.csv.gz").write_bytes(gzip.compress(text.encode()))
    done = continuum("link", tmp_path / "records.csv.gz", "--id", "id", "--clusters", tmp_path / "clusters.csv")
    assert done.returncode == 2
    for row, why in [(2, "“id” 1 stands in a row before"), (4, "2 values; the header names 4"), (5, "“id” is empty")]:
        assert f"row {row}:" in done.stderr and why in done.stderr
    assert (tmp_path / "clusters.csv").read_text() == "record_id,cluster_id\n1,1\n2,1\n"
    strict = continuum("link", tmp_path / "records.csv.gz", "--id", "id", "--strict", "--pairs", tmp_path / "pairs.csv")
    assert strict.returncode == 1 and "--strict" in strict.stderr and not (tmp_path / "pairs.csv").exists()


@pytest.mark.parametrize("content, words", [
    (b"", "it is empty"), (b"1,Ann\n2,Bob\n", "no column “id”"),
    ("id,given\n1,Zoë\n".encode("latin-1"), "not UTF-8 at line 2"), ("id,given\n1,Ann\n".encode("utf-16"), "not UTF-8 at line 1"),
    (b'id,given\n1,"Ann\n2,Bob\n', "never closed"), (b"id,given,given\n1,Ann,Ann\n", "two columns called"),
    (b"id\n1\n2\n", "no column tells who"), (b"id,given\n1,Ann\n", "fewer than two rows"),
    (gzip.compress(b"id,given\n" + b"1,Ann\n" * 500, mtime=0)[:40], "packing is broken"),
])
def test_a_file_that_cannot_be_used_changes_nothing_and_is_told_why(tmp_path, content, words):
    file = tmp_path / "records.csv"
    file.write_bytes(content)
    (tmp_path / "pairs.csv").write_text("kept")
    done = continuum("link", file, "--id", "id", "--pairs", tmp_path / "pairs.csv")
    assert done.returncode == 1 and words in done.stderr, done.stderr
    assert (tmp_path / "pairs.csv").read_text() == "kept"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["pairs.csv", "records.csv"]


@pytest.mark.parametrize("config, words", [
    ("[]", "not a JSON object"), ('{"columns": {"given": "forename"}}', "allowed are given, family"), ('{"most": 3}', "allowed are columns"),
    ('{"most_pairs": "many"}', "whole number"), ('{"rules": [["shoe"]]}', "“shoe”, which is not compared"),
    ('{"rules": [["given:long"]]}', "letters from 1 to 20"), ('{"most_pairs": 1, "most_pairs": 2}', "twice"), ("{", "not JSON"),
])
def test_a_configuration_that_is_wrong_is_told_what_is_allowed(tmp_path, config, words):
    file = records(tmp_path, "id,given,family,dob", "1,Ann,Smith,2015-01-02", "2,Ann,Smith,2015-01-02")
    done = continuum("link", file, "--id", "id", "--config", records(tmp_path, config, name="config.json"), "--pairs", tmp_path / "p")
    assert done.returncode == 1 and words in done.stderr, done.stderr


def test_a_configuration_says_what_columns_are_and_how_to_block(tmp_path):
    file = records(tmp_path, "id,a,b,c", "1,Ann,Smith,2015-01-02", "2,Ann,Smith,2015-01-02", "3,Bob,Jones,2011-05-06")
    config = records(tmp_path, json.dumps({"columns": {"a": "given", "b": "family", "c": "birth"}, "rules": [["birth", "b:3"]]}),
                     name="config.json")
    done = continuum("link", file, "--id", "id", "--config", config, "--clusters", tmp_path / "clusters.csv")
    assert done.returncode == 0, done.stderr
    assert "column\ta\tgiven\tthe configuration says so" in done.stdout
    assert "rule\tday of birth + the first 3 letters of b\t1 pairs" in done.stdout
    assert (tmp_path / "clusters.csv").read_text().splitlines()[1:] == ["1,1", "2,1", "3,3"]


@pytest.mark.parametrize("arguments", [
    ["--id", "id"], ["x.csv"], ["x.csv", "--id", "id"], ["x.csv", "--id", "id", "--explain", "1"],
    ["x.csv", "--id", "id", "--pairs", "p", "--chart", "c.svg"], ["x.csv", "--id", "id", "--sideways"],
])
def test_wrong_usage_ends_with_64(arguments):
    assert continuum("link", *arguments).returncode == 64


def test_nothing_but_a_file_is_written_over(tmp_path):
    file = records(tmp_path, "id,given,family,dob", "1,Ann,Smith,2015-01-02", "2,Ann,Smith,2015-01-02")
    (tmp_path / "folder").mkdir()
    (tmp_path / "null").symlink_to("/dev/null")
    for place in [tmp_path / "folder", tmp_path / "null", tmp_path / "nowhere/pairs.csv"]:
        done = continuum("link", file, "--id", "id", "--pairs", place)
        assert done.returncode == 1 and "cannot be written" in done.stderr, done.stderr
    assert (tmp_path / "null").is_symlink() and (tmp_path / "folder").is_dir()


def test_no_file_that_was_spoilt_stops_it_but_with_a_sentence(tmp_path):
    whole = FEBRL[0].read_bytes().split(b"\n")[:40]
    dice = random.Random(8)
    for number in range(120):
        content = bytearray(b"\n".join(whole[:dice.randint(1, 40)]))
        for _ in range(dice.randint(1, 30)):
            place = dice.randrange(len(content))
            content[place:place + dice.randint(0, 2)] = bytes(dice.choice([0, 10, 13, 34, 44, 59, 65, 128, 255]) for _ in range(dice.randint(0, 2)))
        file = tmp_path / "spoilt.csv"
        file.write_bytes(content)
        done = continuum("link", file, "--id", "record_id", "--pairs", tmp_path / "pairs.csv", "--clusters", tmp_path / "clusters.csv")
        assert done.returncode in (0, 1, 2), (number, done.returncode, done.stderr)
        assert done.returncode == 0 or done.stderr.strip(), number


def test_a_model_is_kept_and_links_again_without_learning(tmp_path):
    first = continuum("link", *FEBRL, "--id", "record_id", "--between", "--ignore", "cluster", "--pairs", tmp_path / "one.csv",
                      "--clusters", tmp_path / "c1.csv", "--model", tmp_path / "model.json")
    assert first.returncode == 0, first.stderr
    again = continuum("link", *FEBRL, "--id", "record_id", "--using", tmp_path / "model.json", "--pairs", tmp_path / "two.csv",
                      "--clusters", tmp_path / "c2.csv", "--model", tmp_path / "again.json", "--against", tmp_path / "model.json")
    assert again.returncode == 0, again.stderr
    for one, two in [("one.csv", "two.csv"), ("c1.csv", "c2.csv"), ("model.json", "again.json")]:
        assert (tmp_path / one).read_bytes() == (tmp_path / two).read_bytes()
    assert "pairs that would join\t0" in again.stdout and "pairs that would part\t0" in again.stdout
    assert "seconds\tlearning" not in again.stdout
    version = json.loads((tmp_path / "model.json").read_text())["version"]
    assert f"model\t{version}" in first.stdout and f"model\t{version}" in again.stdout
    (tmp_path / "changed.json").write_text((tmp_path / "model.json").read_text().replace('"largest" : 1500', '"largest" : 1400'))
    refused = continuum("link", *FEBRL, "--id", "record_id", "--using", tmp_path / "changed.json", "--pairs", tmp_path / "three.csv")
    assert refused.returncode == 1 and "was changed" in refused.stderr and not (tmp_path / "three.csv").exists()


def test_people_decide_and_compartments_part(tmp_path):
    file = records(tmp_path, "id,given,family,dob,kept", "1,Ann,Smith,2015-01-02,", "2,Ann,Smith,2015-01-02,", "3,Bob,Jones,2011-05-06,",
                   "4,Ann,Smith,2015-01-02,P", "5,Ann,Smith,2015-01-02,P")
    decisions = records(tmp_path, "record_id_l,record_id_r,decision", "1,2,different", "1,3,same", "1,4,same", "2,9,same", "2,3,perhaps",
                        name="decisions.csv")
    done = continuum("link", file, "--id", "id", "--compartment", "kept", "--clusters", tmp_path / "c.csv")
    assert done.returncode == 0 and (tmp_path / "c.csv").read_text().splitlines()[1:] == ["1,1", "2,1", "3,3", "4,4", "5,4"]
    assert "column\tkept\tignored\tit names the compartment" in done.stdout
    done = continuum("link", file, "--id", "id", "--compartment", "kept", "--decisions", decisions, "--pairs", tmp_path / "p.csv",
                     "--clusters", tmp_path / "c.csv", "--explain", "1", "2")
    assert done.returncode == 2, done.stderr
    assert (tmp_path / "c.csv").read_text().splitlines()[1:] == ["1,1", "2,2", "3,1", "4,4", "5,4"]
    assert "1,3,1.000000000" in (tmp_path / "p.csv").read_text() and "A person decided" in done.stdout
    assert "two compartments" in done.stderr and "No row has the id “9”" in done.stderr and "allowed are same and different" in done.stderr
    apart = continuum("link", file, "--id", "id", "--compartment", "kept", "--explain", "1", "4")
    assert apart.returncode == 1 and "two compartments" in apart.stderr
    assert continuum("link", file, "--id", "id", "--using", "m.json", "--between", "--pairs", tmp_path / "p.csv").returncode == 64

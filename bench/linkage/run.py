"""Links the same records by Continuum and by Splink 5 on DuckDB, one after the other on one machine, and scores both alike.

    python3 -m venv peer && peer/bin/pip install -r bench/linkage/requirements.txt
    swift build -c release
    peer/bin/python bench/linkage/run.py FOLDER [--sizes 100000 1000000 5000000] [--seeds 20250901 7] [--times 5]

Sets of others first (FEBRL 4, historical 50k with both blockings), then the city, each size by each seed. The peer is run once
for each set, ours `--times` times; medians are given. “Without reading” leaves out loading on both sides. Prints a table and
writes FOLDER/results.json.
"""

import argparse
import json
import re
import statistics
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
PROGRAM = HERE.parent.parent / ".build/release/continuum"
sys.path.insert(0, str(HERE))

from score import score  # noqa: E402


def ours(files, folder, more):
    command = ["/usr/bin/time", "-f", "%e %U %S %M", PROGRAM, "link", *files, "--id", "record_id", "--ignore", "cluster", *more,
               "--pairs", folder / "ours.csv", "--clusters", folder / "clusters.csv"]
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    wall, user, system, memory = map(float, done.stderr.splitlines()[-1].split())
    stages = {what: float(seconds) for what, seconds in re.findall(r"^seconds\t(.+)\t([0-9.]+)$", done.stdout, re.M)}
    return {"wall": wall, "processor": user + system, "memory_mib": memory / 1024, "without_reading": wall - stages["reading"],
            "pairs": int(re.search(r"^pairs compared\t(\d+)$", done.stdout, re.M).group(1)), "stages": stages}


def peer(files, folder, truth, more):
    command = [sys.executable, HERE / "peer_splink.py", *files, "--truth", "cluster", "--out", folder / "peer.csv", *more]
    if truth:
        command += ["--truth-file", truth]
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout)
    wall, processor = found["wall_s"], found["processor_s"]
    return {"wall": wall["total"], "processor": processor["total"], "memory_mib": found["peak_rss_mib"],
            "without_reading": wall["total"] - wall["load"], "pairs": found.get("candidate_pairs"), "accuracy": found["accuracy"]}


def both(name, files, folder, times, truth=None, ours_more=(), peer_more=()):
    """Ours and the peer’s, in turn, and what both are worth."""
    theirs = peer(files, folder, truth, peer_more)
    runs = [ours(files, folder, ours_more) for _ in range(times)]
    mine = {key: statistics.median(run[key] for run in runs) for key in ["wall", "processor", "memory_mib", "without_reading", "pairs"]}
    mine["stages"] = runs[0]["stages"]
    mine["accuracy"] = score(str(folder / "ours.csv"), [str(truth)] if truth else [str(file) for file in files], "record_id", "cluster")
    show(name, mine, theirs)
    return {"set": name, "ours": mine, "peer": theirs}


def show(name, mine, theirs):
    print(f"\n{name}: {theirs['wall'] / mine['wall']:.1f} times as fast, "
          f"{theirs['without_reading'] / mine['without_reading']:.1f} without reading, {mine['memory_mib'] / theirs['memory_mib']:.2f} of the memory")
    for who, one in [("ours", mine), ("peer", theirs)]:
        at, groups = one["accuracy"], one["accuracy"].get("recall_by_group", {})
        false = at["false_links"].get("best", {})
        print(f"  {who}: {one['wall']:.2f} s, {one['processor']:.2f} processor, {one['memory_mib']:.0f} MiB, {one['pairs']} pairs; "
              f"best F1 {at['thresholds']['best']['f1']:.4f} (P {at['thresholds']['best']['precision']:.4f}, "
              f"R {at['thresholds']['best']['recall']:.4f}), at 0.5 {at['thresholds']['0.5']['f1']:.4f}, "
              f"recall at 99.9 % {at['recall_at_precision']['0.999']:.3f}, twins {false.get('twins', '-')}"
              + (f", groups {min(groups.values()):.4f} to {max(groups.values()):.4f}" if groups else ""), flush=True)


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folder", type=Path)
    options.add_argument("--sizes", type=int, nargs="*", default=[100_000, 1_000_000, 5_000_000])
    options.add_argument("--seeds", type=int, nargs="*", default=[20250901, 7])
    options.add_argument("--times", type=int, default=5)
    options.add_argument("--only-city", action="store_true")
    asked = options.parse_args()
    folder, data, results = asked.folder, HERE / "data", []
    folder.mkdir(parents=True, exist_ok=True)
    if not asked.only_city:
        febrl, past = [data / "febrl4_a.csv", data / "febrl4_b.csv"], [data / "historical_50k.csv.gz"]
        results.append(both("FEBRL 4", febrl, folder, asked.times, ours_more=["--between"]))
        for name, most, more in [("historical 50k, narrow", 450_741, []), ("historical 50k, wide", 2_322_367, ["--wide"])]:
            config = folder / "config.json"
            config.write_text(json.dumps({"most_pairs": most}))
            results.append(both(name, past, folder, asked.times, ours_more=["--config", config], peer_more=more))
    for size in asked.sizes:
        for seed in asked.seeds:
            city, truth = folder / f"city-{size}-{seed}.csv", folder / f"truth-{size}-{seed}.csv"
            if not city.exists():
                subprocess.run([sys.executable, HERE / "make_city.py", "--records", str(size), "--seed", str(seed), "--out", city,
                                "--truth-out", truth], check=True, capture_output=True)
            more = ["--no-count"] if size > 1_000_000 else []
            results.append(both(f"city {size:,}, seed {seed}", [city], folder, asked.times, truth=truth, peer_more=more))
    (folder / "results.json").write_text(json.dumps(results, indent=1))


if __name__ == "__main__":
    main()

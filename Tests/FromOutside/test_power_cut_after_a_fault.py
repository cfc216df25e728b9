"""A disk fails a sync, the server stops and is started again, and only then the power is cut."""

import random
import urllib.error

import test_power_cut as power
from test_power_cut import prepared  # noqa: F401
from test_durable import report


def test_what_is_acknowledged_after_a_failed_sync_and_a_restart_survives_a_power_cut(prepared, tmp_path):  # noqa: F811
    """After a failed sync the system shows pages that the disk never got: a restart must not build on them."""
    folder = tmp_path / "data"
    power.shutil.copytree(prepared, folder)
    start = {"continuum.sqlite": (folder / "continuum.sqlite").read_bytes()}
    sent, acknowledged = [], []

    def serve(file, count, *options):
        with power.traced(folder, file, "-y", "-xx", "-s", "200000", "-e", f"trace={power.CHANGES}", "-e", "signal=none",
                          *options) as running:
            for _ in range(count):
                words = f"report {len(sent)}." + "~" * 300
                sent.append(words)
                try:
                    if report(running, words).url.endswith("/reports/thanks"):
                        acknowledged.append(words)
                except (urllib.error.URLError, OSError):
                    running.process.wait(20)
                    break

    serve(tmp_path / "first", 12, "-e", "inject=fdatasync:error=EIO:when=5")
    before = len(acknowledged)
    assert before < 12, "the fault did not strike"
    serve(tmp_path / "second", 12)
    assert len(acknowledged) >= before + 12
    steps = power.understood(tmp_path / "first", folder) + power.understood(tmp_path / "second", folder)
    cut = tmp_path / "cut"
    cut.mkdir()
    seed = random.randrange(1 << 32)
    for turn in range(40):
        disk = power.Disk(start, random.Random(seed + turn))
        for step in steps:
            disk.do(step)
        for name in (*power.FOLLOWED, "continuum.sqlite-shm"):
            (cut / name).unlink(missing_ok=True)
        for name, data in disk.after_a_cut().items():
            (cut / name).write_bytes(data)
        outcome = power.judged(cut, 0, acknowledged, sent)
        assert not outcome.lost and not outcome.wrong, f"seed {seed}, turn {turn}: {outcome}"

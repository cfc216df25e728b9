"""A private PostgreSQL server for tests: on a socket in a temporary folder, durable as a real one is."""

import glob
import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path


class Cluster:
    """One server. Where it runs as root, the server runs as postgres, since initdb refuses root."""

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="ct-", dir="/tmp"))
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres", "postgres")
        self.members = []

    def run(self, *command, check=True):
        under = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        # From its own folder: the user postgres may not enter ours.
        done = subprocess.run(under + [str(word) for word in command], cwd=self.folder, capture_output=True, text=True,
                              stdin=subprocess.DEVNULL, env={**os.environ, "LC_ALL": "C.UTF-8"})
        if check and done.returncode != 0:
            raise RuntimeError(f"{command[0]} failed: {done.stdout}{done.stderr}")
        return done.stdout

    def program(self, name):
        return sorted(glob.glob(f"/usr/lib/postgresql/*/bin/{name}"))[-1]

    def start(self, port=5432):
        """Makes the first server and starts it."""
        home = self.folder / "a"
        self.run(self.program("initdb"), "-D", home, "-A", "trust", "-k", "--locale=C.UTF-8", "-E", "UTF8", "--no-sync",
                 "-U", "continuum")
        self.settings(home, port, "max_connections = 900", "shared_buffers = 128MB", "max_wal_size = 2GB")
        self.boot(home)
        return self

    def settings(self, home, port, *more):
        lines = [f"port = {port}", f"unix_socket_directories = '{self.folder}'", "listen_addresses = ''",
                 "fsync = on", "full_page_writes = on", "synchronous_commit = on", *more]
        with open(home / "postgresql.conf", "a") as file:
            file.write("\n".join(lines) + "\n")

    def boot(self, home):
        self.run(self.program("pg_ctl"), "-D", home, "-l", self.folder / f"{home.name}.log", "-w", "-s", "start")
        if home not in self.members:
            self.members.append(home)

    def standby(self, port=5433):
        """A second server that follows the first, which from then on waits for it at each commit."""
        home = self.folder / "b"
        self.query("SELECT pg_create_physical_replication_slot('b')")
        self.run(self.program("pg_basebackup"), "-D", home, "-h", self.folder, "-p", 5432, "-U", "continuum", "-R", "-S", "b",
                 "-X", "stream", "-c", "fast")
        with open(home / "postgresql.conf", "a") as file:
            file.write(f"port = {port}\nprimary_slot_name = 'b'\n")
        with open(home / "postgresql.auto.conf") as file:
            text = file.read()
        with open(home / "postgresql.auto.conf", "w") as file:
            file.write(text.replace("primary_conninfo = '", "primary_conninfo = 'application_name=b "))
        self.boot(home)
        self.query("ALTER SYSTEM SET synchronous_standby_names = 'b'")
        self.query("SELECT pg_reload_conf()")

    def promote(self):
        home = self.folder / "b"
        self.query("ALTER SYSTEM RESET synchronous_standby_names", port=5433)
        self.run(self.program("pg_ctl"), "-D", home, "-w", "-s", "promote")

    def kill(self, home="a"):
        """Kills a server and all its processes at once, as a power cut of its machine would end them."""
        first = int((self.folder / home / "postmaster.pid").read_text().split()[0])
        children = subprocess.run(["pgrep", "-P", str(first)], capture_output=True, text=True).stdout.split()
        for process in [first, *map(int, children)]:
            try:
                os.kill(process, signal.SIGKILL)
            except ProcessLookupError:
                pass

    def query(self, text, port=5432):
        return self.run("psql", "-X", "-q", "-At", "-h", self.folder, "-p", port, "-U", "continuum", "-d", "postgres",
                        "-v", "ON_ERROR_STOP=1", "-c", text).strip()

    def schema(self, name, ports=(5432,)):
        """The address of a schema of its own, made where it is not there."""
        self.query(f'CREATE SCHEMA IF NOT EXISTS "{name}"')
        return self.address(ports) + f"&options=-csearch_path%3D{name}"

    def address(self, ports=(5432,)):
        hosts = ",".join([str(self.folder)] * len(ports))
        return f"postgres:///postgres?host={hosts}&port={','.join(map(str, ports))}&user=continuum"

    def stop(self):
        for home in self.members:
            self.run(self.program("pg_ctl"), "-D", home, "-m", "immediate", "-s", "stop", check=False)
        shutil.rmtree(self.folder, ignore_errors=True)

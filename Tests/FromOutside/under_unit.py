"""Runs a command as a systemd unit of ours would: under its filter of system calls, with all but its own folder read-only.

    /usr/bin/python3 under_unit.py UNIT FOLDER COMMAND …

It needs no systemd that runs, only the list that `systemd-analyze syscall-filter` prints. Not done here: the user, the
private /tmp and /dev, and the limits on the kernel’s own files.
"""

import ctypes
import errno
import os
import resource
import subprocess
import sys

import seccomp

CLONE_NEWNS, CLONE_NEWUSER = 0x20000, 0x10000000
NAMESPACES = 0x7E020080
MS_RDONLY, MS_REMOUNT, MS_BIND = 1, 32, 4096
WRITE, EXEC = 2, 4
PR_SET_NO_NEW_PRIVS = 38
PLAIN = 1000
# Let through or not by what is asked, or not at all.
LOOKED_INTO = {"mmap", "mprotect", "pkey_mprotect", "socket", "clone", "clone3", "shmat", "setns", "unshare"}
FAMILIES = {"AF_UNIX": 1, "AF_INET": 2, "AF_INET6": 10}


def settings(unit):
    """Each setting with its values in order."""
    found = {}
    for line in open(unit):
        if "=" in line and not line.startswith("#"):
            name, value = line.strip().split("=", 1)
            found.setdefault(name, []).append(value)
    return found


def calls(names):
    """The system calls in these groups, as systemd knows them."""
    found, todo = set(), list(names)
    while todo:
        name = todo.pop()
        if not name.startswith("@"):
            found.add(name)
            continue
        listed = subprocess.run(["systemd-analyze", "syscall-filter", name], capture_output=True, text=True, check=True)
        lines = [line.strip() for line in listed.stdout.splitlines()[1:]]
        todo += [line for line in lines if line and not line.startswith("#")]
    return found


def allowed(lines):
    """What is let through: lists that add, and lists with a tilde that take away."""
    held = set()
    for line in lines:
        if line.startswith("~"):
            held -= calls(line[1:].split())
        else:
            # What a program cannot begin, end or be signalled without is always let through.
            held |= calls([*line.split(), "@default"])
    return held


def closed(folder):
    """Makes everything but this folder read-only, in a world of this process’s own, where it is nobody in particular."""
    library = ctypes.CDLL(None, use_errno=True)

    def done(result):
        if result != 0:
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))

    user, group = os.getuid(), os.getgid()
    done(library.unshare(CLONE_NEWUSER | CLONE_NEWNS))
    for file, text in (("setgroups", "deny"), ("uid_map", f"{PLAIN} {user} 1"), ("gid_map", f"{PLAIN} {group} 1")):
        with open(f"/proc/self/{file}", "w") as out:
            out.write(text)
    done(library.mount(folder, folder, None, MS_BIND, None))
    done(library.mount(b"none", b"/", None, MS_BIND | MS_REMOUNT | MS_RDONLY, None))


def filtered(held):
    """The filter: what is refused by its arguments fails, whatever else is called ends the process, as systemd has it."""
    only = seccomp.SyscallFilter(defaction=seccomp.KILL_PROCESS)
    equal, masked = seccomp.EQ, seccomp.MASKED_EQ
    for name in sorted(allowed(held["SystemCallFilter"]) - LOOKED_INTO):
        if seccomp.resolve_syscall(seccomp.Arch(), name) > 0 or name == "read":
            only.add_rule(seccomp.ALLOW, name)
    assert held["MemoryDenyWriteExecute"] == held["RestrictNamespaces"] == ["yes"]
    refused = seccomp.ERRNO(errno.EPERM)
    for protection in (0, WRITE, EXEC):
        only.add_rule(seccomp.ALLOW, "mmap", seccomp.Arg(2, masked, WRITE | EXEC, protection))
    only.add_rule(refused, "mmap", seccomp.Arg(2, masked, WRITE | EXEC, WRITE | EXEC))
    only.add_rule(seccomp.ALLOW, "mprotect", seccomp.Arg(2, masked, EXEC, 0))
    only.add_rule(refused, "mprotect", seccomp.Arg(2, masked, EXEC, EXEC))
    only.add_rule(seccomp.ALLOW, "clone", seccomp.Arg(0, masked, NAMESPACES, 0))
    for call in ("unshare", "setns"):
        only.add_rule(refused, call)
    families = {FAMILIES[name] for name in held["RestrictAddressFamilies"][0].split()}
    for family in range(max(families) + 1):
        answer = seccomp.ALLOW if family in families else seccomp.ERRNO(errno.EAFNOSUPPORT)
        only.add_rule(answer, "socket", seccomp.Arg(0, equal, family))
    only.add_rule(seccomp.ERRNO(errno.EAFNOSUPPORT), "socket", seccomp.Arg(0, seccomp.GT, max(families)))
    # clone3 hides its flags from a filter, so it is said not to be there; the C library then uses clone.
    only.add_rule(seccomp.ERRNO(errno.ENOSYS), "clone3")
    return only


def main():
    unit, folder, command = sys.argv[1], sys.argv[2].encode(), sys.argv[3:]
    held = settings(unit)
    os.umask(int(held["UMask"][0], 8))
    files = int(held["LimitNOFILE"][0])
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(files, resource.getrlimit(resource.RLIMIT_NOFILE)[1]),) * 2)
    closed(folder)
    only = filtered(held)
    ctypes.CDLL(None).prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    only.load()
    os.execv(command[0], command)


main()

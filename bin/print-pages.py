"""Makes a tagged PDF (PDF/UA-1) of one page of HTML: the page comes by standard input, the PDF goes to standard output.

The server starts it once for each document and hands it nothing else. It keeps itself within bounds before it reads a
byte: processor time, memory, no file written, no socket. Whatever the page refers to is refused, so that the page and
the system's own fonts are all that it reads. Status 65: the page cannot be used. 69: WeasyPrint cannot be loaded.
"""

import ctypes
import logging
import platform
import resource
import struct
import sys

SECONDS = 60
MEGABYTES = 1024
# So large a page may be.
MOST = 16 << 20

UNUSABLE, UNAVAILABLE = 65, 69
PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, FILTER = 38, 22, 2
LOAD, EQUAL, RETURN = 0x20, 0x15, 0x06
ALLOW, DENY = 0x7FFF0000, 0x00050000 | 13
# By machine: its number for the kernel, and that of the call socket().
MACHINES = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}


def limited():
    """Ends by itself where it takes too long; takes so much memory at most; no file grows."""
    for limit, most in (
        (resource.RLIMIT_CPU, SECONDS), (resource.RLIMIT_AS, MEGABYTES << 20), (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))


def without_network():
    """From here on the kernel makes no socket for this process, on the machines whose numbers are known here."""
    machine = MACHINES.get(platform.machine())
    if machine is None:
        return
    rules = b"".join(struct.pack("HBBI", *rule) for rule in (
        (LOAD, 0, 0, 4), (EQUAL, 0, 2, machine[0]), (LOAD, 0, 0, 0), (EQUAL, 1, 0, machine[1]), (RETURN, 0, 0, ALLOW),
        (RETURN, 0, 0, DENY),
    ))
    held = ctypes.create_string_buffer(rules, len(rules))
    program = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(rules) // 8, ctypes.addressof(held)))
    library = ctypes.CDLL(None, use_errno=True)
    if library.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) or library.prctl(PR_SET_SECCOMP, FILTER, program, 0, 0):
        raise OSError(ctypes.get_errno(), "the kernel does not take the filter of calls")


def told(status, words):
    """Says why there is no PDF: never with words of the page, which is about somebody."""
    print(words, file=sys.stderr)
    return status


def main():
    limited()
    without_network()
    page = sys.stdin.buffer.read(MOST + 1)
    logging.disable(logging.CRITICAL)
    try:
        from weasyprint import HTML
        from weasyprint.urls import FatalURLFetchingError
    except (ImportError, OSError) as error:
        return told(UNAVAILABLE, f"WeasyPrint cannot be loaded: {type(error).__name__}")
    if not page or len(page) > MOST:
        return told(UNUSABLE, "The page is empty or too large.")

    def refuse(url, *_, **__):
        raise FatalURLFetchingError("the page refers to something outside of it")

    try:
        made = HTML(string=page.decode(), url_fetcher=refuse).write_pdf(pdf_variant="pdf/ua-1")
    except (FatalURLFetchingError, UnicodeDecodeError) as error:
        return told(UNUSABLE, f"The page cannot be used: {type(error).__name__}")
    sys.stdout.buffer.write(made)
    sys.stdout.buffer.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())

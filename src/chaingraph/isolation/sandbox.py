"""The limits that a child process sets for itself: memory, processor time, files, network and programs.

Source: Linux, setrlimit(2), prctl(2) and seccomp(2) with the kernel's headers.
"""

from __future__ import annotations

import ctypes
import errno
import math
import os
import platform
import signal
import struct
import sys

if sys.platform != "win32":
    import resource

_PR_SET_PDEATHSIG, _PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS = 1, 22, 38
_REFUSED_CALLS = {"x86_64": (0xC000003E, (41, 59, 322, 425)), "aarch64": (0xC00000B7, (198, 221, 281, 425))}
"""By machine: the number that the kernel knows it by, and those of socket, execve, execveat and io_uring_setup."""


def enter_sandbox(memory: int, parent: int, *, processor_seconds: int | None = None) -> None:
    """Restrict this process for good: so much address space, no file to write, no network, no life after its parent.

    Args:
        memory: Bytes of address space.
        parent: The number of the parent process; if that has ended already, this process ends too.
        processor_seconds: Seconds of processor time in its whole life; None for a process that limits each query.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform != "win32":
        _lower_limit(resource.RLIMIT_AS, memory, for_good=True)
        _lower_limit(resource.RLIMIT_CORE, 0, for_good=True)
        _lower_limit(resource.RLIMIT_FSIZE, 0, for_good=True)
        if processor_seconds is not None:
            _lower_limit(resource.RLIMIT_CPU, processor_seconds, for_good=True)
    if sys.platform == "linux":
        system = ctypes.CDLL(None, use_errno=True)
        system.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        _refuse_network_and_programs(system)
    if sys.platform != "win32" and os.getppid() != parent:
        sys.exit(1)


def limit_processor_time(seconds: float) -> None:
    """Let this process use so many seconds of processor time beyond those that it has used; then the kernel ends it."""
    if sys.platform != "win32":
        used = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
        _lower_limit(resource.RLIMIT_CPU, math.ceil(used + seconds) + 1, for_good=False)


def peak_memory() -> int:
    """Return the most bytes that this process has had in memory at once; 0 on Windows."""
    if sys.platform != "win32":
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak if sys.platform == "darwin" else peak * 1024
    return 0


def _lower_limit(kind: int, limit: int, *, for_good: bool) -> None:
    """Set a limit of this process, but not above its hard limit: once lowered for good it cannot be raised."""
    if sys.platform != "win32":
        hard = resource.getrlimit(kind)[1]
        limit = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        resource.setrlimit(kind, (limit, limit if for_good else hard))


def _refuse_network_and_programs(system: ctypes.CDLL) -> None:
    """Have the kernel refuse every new socket and program from here on: a wall behind the refusal of SERVICE.

    Where the machine or the kernel does not support it, nothing changes.
    """
    machine = platform.machine()
    if machine not in _REFUSED_CALLS:
        return
    architecture, calls = _REFUSED_CALLS[machine]
    load, equal, at_least, give = 0x20, 0x15, 0x35, 0x06
    steps = [(load, 0, 0, 4), (equal, 0, len(calls) + 3, architecture), (load, 0, 0, 0)]
    steps += [(equal, len(calls) - number + 1, 0, call) for number, call in enumerate(calls)]
    steps += [(at_least, 1, 0, 0x40000000), (give, 0, 0, 0x7FFF0000), (give, 0, 0, 0x00050000 | errno.EACCES)]
    code = b"".join(struct.pack("=HBBI", *step) for step in steps)
    buffer = ctypes.create_string_buffer(code, len(code))
    program = struct.pack("@HP", len(steps), ctypes.addressof(buffer))
    system.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    system.prctl(_PR_SET_SECCOMP, 2, ctypes.create_string_buffer(program, len(program)), 0, 0)

"""Children must not outlive the process that started them, however it ends (Linux; elsewhere orderly stops only)."""

import ctypes
import os
import signal
import sys
from collections.abc import Callable

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def die_with_parent(sig: int = signal.SIGKILL) -> None:
    """Ask the kernel to send us `sig` when our parent ends."""
    if _libc is not None:
        _libc.prctl(PR_SET_PDEATHSIG, sig)


def bound_child(sig: int) -> Callable[[], None]:
    """For Popen's preexec_fn: the child receives `sig` when this process ends, even by kill -9."""
    parent = os.getpid()

    def bind() -> None:
        die_with_parent(sig)
        if os.getppid() != parent:  # the parent died between fork and prctl
            os._exit(1)

    return bind

"""Run a command, then print its seconds, its peak memory in bytes and its exit code as the last line.

A program of its own, since Linux takes the memory of the process that starts a command as the least that the
command can have had: https://man7.org/linux/man-pages/man2/getrusage.2.html. This one has nine megabytes.
"""

import os
import sys
import time

started = time.perf_counter()
child = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ)
_, status, usage = os.wait4(child, 0)
seconds = time.perf_counter() - started
peak = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
print(f"\n{seconds} {peak} {os.waitstatus_to_exitcode(status)}")

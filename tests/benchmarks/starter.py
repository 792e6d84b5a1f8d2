"""Starts one process, and reports what it took: ``starter.py DESCRIPTOR COMMAND...``.

Linux counts what the process that starts another one holds as the memory of the latter. So this one, which
imports next to nothing and is run without ``site``, stands between the benchmark and what is measured.
"""

import os
import sys
import time

report, command = int(sys.argv[1]), sys.argv[2:]
start = time.perf_counter()
process = os.posix_spawn(command[0], command, os.environ, file_actions=[(os.POSIX_SPAWN_CLOSE, report)])
_, status, usage = os.wait4(process, 0)
wall = time.perf_counter() - start
cpu = usage.ru_utime + usage.ru_stime
os.write(report, b"%.6f %.6f %d %d" % (wall, cpu, usage.ru_maxrss, os.waitstatus_to_exitcode(status)))

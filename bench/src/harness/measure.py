"""Run one command and write what the operating system says it cost, as one line of JSON on file descriptor 3.

Node cannot ask for a child's peak memory; wait4 can. The interpreter's own start is not counted.
"""

import json
import os
import sys
import time

command = sys.argv[1:]
started_at = time.time()
started = time.perf_counter()
pid = os.posix_spawnp(command[0], command, os.environ, file_actions=[(os.POSIX_SPAWN_CLOSE, 3)])
_, status, usage = os.wait4(pid, 0)
wall = time.perf_counter() - started
scale = 1 if sys.platform == "darwin" else 1024
with os.fdopen(3, "w") as report:
    json.dump(
        {
            "startedAt": started_at,
            "wall": wall,
            "user": usage.ru_utime,
            "system": usage.ru_stime,
            "peakBytes": usage.ru_maxrss * scale,
            "exitCode": os.waitstatus_to_exitcode(status),
        },
        report,
    )

"""Workers end when who started them does."""

import os
import subprocess
import sys
import time

import psutil

STARTS_ONE = """
import os, time
from multiprocessing import get_context
from tf_eval.runs.workers import settle

def work(workers):
    settle(workers)
    print(os.getpid(), flush=True)
    time.sleep(600)

if __name__ == "__main__":
    get_context("spawn").Process(target=work, args=(2,)).start()
    time.sleep(600)
"""


def test_a_worker_whose_parent_is_killed_ends(tmp_path):
    script = tmp_path / "starts_one.py"
    script.write_text(STARTS_ONE, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": os.getcwd()}
    parent = subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, text=True, env=environment)
    worker = int(parent.stdout.readline())
    assert _lives(worker)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    until = time.monotonic() + 30
    while _lives(worker) and time.monotonic() < until:
        time.sleep(0.05)
    assert not _lives(worker)


def _lives(process: int) -> bool:
    """A process that has ended may be listed until somebody asks how it did."""
    try:
        return psutil.Process(process).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False

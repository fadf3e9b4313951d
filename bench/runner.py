"""Runs one command and measures it.

Output goes to one file on tmpfs whose pages exist before the run: a file that
grows under a program would charge it for the kernel's work. The file is never
truncated before a run, only after it, and grown again before the next.
"""

import contextlib
import os
import select
import shutil
import signal
import subprocess
import tempfile
from dataclasses import dataclass, field

STDERR_KEPT = 2000
FILL = bytes(1 << 20)


@dataclass
class Command:
    """argv runs in the tree's folder. What is in stdin (a path) is its input,
    count(path) takes the number of matches from what it printed, and
    values(path) what it measured itself, as (name, number, unit). processes: how
    many may be large at a time; together they get most of the free memory (0:
    there is no limit). is_quiet: a message means that it failed."""

    argv: list
    stdin: str = os.devnull
    env: dict = field(default_factory=dict)
    good: tuple = (0,)
    count: object = None
    values: object = None
    is_quiet: bool = False
    processes: int = 0
    sample: bool = False  # look at anonymous memory while it runs
    writes: str = None  # a folder, empty when it runs and gone behind it


@dataclass
class Outcome:
    """One run. status: ok, failed, or timeout (then seconds is the limit)."""

    status: str
    seconds: float
    user: float = 0.0
    system: float = 0.0
    peak_kib: int = 0
    anonymous_kib: int = 0
    exit_code: int = 0
    output_bytes: int = 0
    stderr: str = ""


class Interrupts:
    """Signals that end everything, as exceptions; but never between the start
    of a child and the moment from which on somebody knows of it."""

    SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def __init__(self):
        self._held = False
        self._pending = False
        for number in self.SIGNALS:
            signal.signal(number, self._on_signal)

    def _on_signal(self, _number, _frame):
        if not self._held:
            raise KeyboardInterrupt
        self._pending = True

    @contextlib.contextmanager
    def held(self):
        self._held = True
        try:
            yield
        finally:
            self._held = False
        if self._pending:
            raise KeyboardInterrupt


class Runner:
    def __init__(self, timed, folder, output_parent, interrupts):
        """timed: the program that measures. folder: where commands run."""
        self.timed = timed
        self.interrupts = interrupts
        self.folder = folder
        parent = os.path.realpath(output_parent or tempfile.gettempdir())
        self.scratch = tempfile.mkdtemp(prefix="pfproc-bench-", dir=parent)
        self.output = os.path.join(self.scratch, "output")
        self.copies = os.path.join(self.scratch, "copies")
        self.report = os.path.join(self.scratch, "report")
        self.messages = os.path.join(self.scratch, "messages")
        self.expected = 1 << 20
        self.child = None

    def close(self):
        self.end_child()
        shutil.rmtree(self.scratch, ignore_errors=True)

    def forget_sizes(self):
        """The next case's outputs may be small; give tmpfs its memory back."""
        self.expected = 1 << 20
        if os.path.exists(self.output):
            os.truncate(self.output, 0)

    def run(self, command, limit=None):
        if command.writes is None:
            return self._run(command, limit)
        try:
            shutil.rmtree(command.writes, ignore_errors=True)
            os.makedirs(command.writes)
            return self._run(command, limit)
        finally:
            shutil.rmtree(command.writes, ignore_errors=True)

    def _run(self, command, limit):
        fd = os.open(self.output, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            self._touch(fd)
            outcome = self._measure(command, fd, limit)
            outcome.output_bytes = os.lseek(fd, 0, os.SEEK_CUR)
            self.expected = max(self.expected, outcome.output_bytes * 5 // 4)
            os.ftruncate(fd, outcome.output_bytes)
        finally:
            os.close(fd)
        return outcome

    def end_child(self):
        if self.child is not None:
            try:
                os.killpg(self.child.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            self.child.wait()
            self.child = None

    def _touch(self, fd):
        size = os.lseek(fd, 0, os.SEEK_END)
        while size < self.expected:
            size += os.write(fd, FILL)
        os.lseek(fd, 0, os.SEEK_SET)

    def _measure(self, command, output, limit):
        argv = [self.timed, *(["-s"] if command.sample else [])]
        if command.processes:
            # One that takes all of it would take the benchmark down with it.
            argv += ["-m", str(_free_memory() * 4 // 5 // command.processes)]
        argv.append(self.report)
        env = {**os.environ, "LC_ALL": "C.UTF-8", **command.env}
        with open(command.stdin, "rb") as stdin, open(
            self.messages, "wb"
        ) as err, self.interrupts.held():
            self.child = subprocess.Popen(
                argv + command.argv,
                cwd=self.folder,
                env=env,
                stdin=stdin,
                stdout=output,
                stderr=err,
                start_new_session=True,
            )
        try:
            in_time = _wait(self.child.pid, limit)
        finally:
            # Also ends what a killed xargs would leave behind.
            self.end_child()
        if not in_time:
            return Outcome("timeout", float(limit), stderr=self._stderr())
        return self._outcome(command)

    def _outcome(self, command):
        with open(self.report, encoding="ascii") as report:
            fields = report.read().split()
        os.unlink(self.report)
        code, stderr = int(fields[5]), self._stderr()
        good = code in command.good and not (command.is_quiet and stderr)
        return Outcome(
            "ok" if good else "failed",
            *(float(value) for value in fields[:3]),
            *(int(value) for value in fields[3:5]),
            exit_code=code,
            stderr=stderr,
        )

    def _stderr(self):
        with open(self.messages, "rb") as messages:
            return messages.read(STDERR_KEPT).decode("utf-8", "replace").strip()


def _free_memory():
    """In bytes; what the page cache would give back counts as free."""
    with open("/proc/meminfo", encoding="ascii") as file:
        for line in file:
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) << 10
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def _wait(pid, limit):
    """Is the process over within limit seconds? Leaves it to be reaped."""
    fd = os.pidfd_open(pid)
    try:
        poll = select.poll()
        poll.register(fd, select.POLLIN)
        return bool(poll.poll(None if limit is None else limit * 1000))
    finally:
        os.close(fd)

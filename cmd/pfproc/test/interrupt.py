"""Ends runs of pfproc by a signal, wherever they are and whatever they wait for.

    interrupt.py ROUNDS SEED PFPROC

Each round takes one of the cases below, a mode, a number of threads, SIGINT or
SIGTERM, and an instant, all at random. Then the process must end soon, and by
that signal, unless it was done before; what it has written must be a beginning
of the whole; an output file must be the old one, or whole; and no temporary
file may be left. Works in the current folder, which is empty. A failure says
what is needed to see it again.
"""
import glob
import os
import random
import signal
import subprocess
import sys
import time

# Seconds. It takes half of one where something cannot be woken; what is asked
# here is that it does not take for ever on a machine that has much else to do.
PATIENCE = 60 if os.environ.get("PF_SANITIZER") else 20
MANY = [f"f/{i}" for i in range(200)]


class Case:
    """ARGUMENTS, and what is special about the run:

    lines   what its standard input, a pipe that stays open, gives at first
    feed    the same for the FIFO "held", which has no writer without it
    unread  the pipe that nobody reads: stdout or stderr
    ends    whether it ends by itself; else what comes before that which holds
            it up are the files of BEFORE, and some lines of "held"
    """

    def __init__(self, name, arguments, **special):
        self.name = name
        self.arguments = arguments
        self.lines = special.get("lines")
        self.feed = special.get("feed")
        self.unread = special.get("unread")
        self.ends = special.get("ends", False)
        self.before = special.get("before", [])
        self.whole = special.get("whole")


CASES = [
    Case("a FIFO without a writer", ["f/0", "held", "f/1"], before=["f/0"]),
    Case("a FIFO that falls silent", ["f/0", "held", "f/1"], before=["f/0"],
         feed=b"hello\nhello\n", whole=b"held:1:1: hello\nheld:2:1: hello\n"),
    Case("results that wait behind a FIFO", ["--memory=1", "held", *MANY]),
    Case("parts that wait for their turn", ["held", "large", "large"],
         feed=b""),
    Case("output that nobody reads", ["large", "large"], unread="stdout",
         ends=True),
    Case("messages that nobody reads", ["f/0", "-T", "missing"],
         unread="stderr", before=["f/0"]),
    Case("names that do not come", [], lines=b""),
    Case("names that come no more", [], lines=b"f/0\nf/1\nf/2",
         before=["f/0", "f/1", "f/2"]),
    Case("a list that is a silent FIFO", ["-T", "held"], feed=b"f/0\nf/1\n",
         before=["f/0", "f/1"]),
    Case("a silent document", ["-"], lines=b"hello\nhello\nhel",
         whole=b"(standard input):1:1: hello\n(standard input):2:1: hello\n"),
    Case("a glossary that does not come", ["-g", "held", "f/0"]),
    Case("an output that cannot be opened yet", ["--output=held", "f/0"]),
    Case("an output file", ["--output=new", "-T", "names"], ends=True),
    Case("an output file, held up", ["--output=new", "large", "held"],
         feed=b"hello\n"),
    Case("large files", ["large", "large", "f/0"], ends=True),
    Case("many files", ["-T", "names"], ends=True),
    Case("many files in little memory", ["-T", "names", "--memory=1"],
         ends=True),
    Case("a tree", ["-r", "f"], ends=True),
    Case("counts", ["-c", "-T", "names"], ends=True),
    Case("totals", ["--total", "large", *MANY], ends=True),
]


def make_inputs():
    os.mkdir("f")
    with open("f/0", "w") as file:
        file.write("hello there\n" * 500)
    for name in MANY[1:]:
        os.link("f/0", name)
    with open("large", "w") as file:
        file.write("say hello to everybody\n" * 200000)
    with open("names", "w") as file:
        file.write("\n".join(MANY) + "\n")
    with open("missing", "w") as file:
        file.write("".join(f"missing/{i}\n" for i in range(5000)))
    os.mkfifo("held")


def output_of(arguments):
    run = subprocess.run(
        [sys.argv[3], "-e", "hello", "-j1", *arguments],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
    )
    return run.stdout


def whole_of(case):
    """All that the run could ever write to standard output."""
    if case.ends and "--output=new" not in case.arguments:
        return output_of(case.arguments)
    whole = output_of(case.before) if case.before else b""
    return whole + (case.whole or b"")


def prepare():
    """In the child: signals are what they are in a foreground."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGPIPE):
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, [])


def command_of(case):
    way = random.choice([
        ["--mode=fork-join"],
        ["--mode=fork-join", "--schedule=static"],
        ["--mode=pipeline"],
        ["--mode=pipeline", "--readers=1"],
        ["--mode=pipeline", "--readers=8"],
    ])
    jobs = "-j" + random.choice("128")
    return [sys.argv[3], *way, jobs, "-e", "hello", *case.arguments]


class Run:
    """A process, with what is at its ends."""

    def __init__(self, case, command):
        self.case = case
        for name in ("out", "err"):
            open(name, "w").close()
        with open("new", "w") as file:
            file.write("old\n")
        self.held = None
        self.took = 0.0  # seconds from the signal to the end
        if case.feed is not None:
            # Both ways, or opening it would wait for a reader.
            self.held = os.open("held", os.O_RDWR)
            os.write(self.held, case.feed)
        stdin, self.stdin = os.pipe()
        self.unread, pipe = os.pipe()
        with open("out", "wb") as out, open("err", "wb") as err:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL if case.lines is None else stdin,
                stdout=pipe if case.unread == "stdout" else out,
                stderr=pipe if case.unread == "stderr" else err,
                preexec_fn=prepare,
            )
        os.close(stdin)
        os.close(pipe)
        if case.lines:
            os.write(self.stdin, case.lines)

    def end_by(self, number, instant):
        try:
            return self.process.wait(instant)
        except subprocess.TimeoutExpired:
            self.process.send_signal(number)
        sent = time.monotonic()
        try:
            return self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            return None
        finally:
            self.took = time.monotonic() - sent

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self.unread)
        os.close(self.stdin)
        if self.held is not None:
            os.close(self.held)

    def seen(self):
        if self.case.unread != "stdout":
            return open("out", "rb").read()
        with open(self.unread, "rb", closefd=False) as pipe:
            return pipe.read()


def faults_of(run, number, code, wholes):
    """What is wrong with how the run ended, if anything."""
    case, done = run.case, False
    if code is None:
        return "does not end"
    if code != -number:
        done = code == 0 and case.ends
        if not done:
            return f"ended with {code}"
    seen = run.seen()
    if not wholes[case.name].startswith(seen):
        return f"{len(seen)} bytes that are no beginning of the whole"
    if done and case.unread is None and seen != wholes[case.name]:
        return "not all was written"
    if case.name == "totals" and seen not in (b"", wholes[case.name]):
        return "some of the totals"
    new = open("new", "rb").read()
    if new != b"old\n" and (not case.ends or new != wholes["new"]):
        return "another output file"
    if glob.glob(".*.pfproc-*"):
        return "a temporary file is left"
    return None


def main():
    rounds, seed = int(sys.argv[1]), sys.argv[2]
    random.seed(seed)
    make_inputs()
    wholes = {case.name: whole_of(case) for case in CASES}
    wholes["new"] = output_of(["-T", "names"])
    slowest = 0.0
    for i in range(rounds):
        case = CASES[i % len(CASES)] if rounds >= len(CASES) \
            else random.choice(CASES)
        command = command_of(case)
        number = random.choice([signal.SIGINT, signal.SIGTERM])
        instant = random.uniform(0, random.choice([0.003, 0.03, 0.15]))
        run = Run(case, command)
        code = run.end_by(number, instant)
        fault = faults_of(run, number, code, wholes)
        run.close()
        slowest = max(slowest, run.took)
        if fault:
            sys.exit(
                f"seed {seed}, round {i}, {case.name}, {number.name} after "
                f"{instant:.4f} s: {fault}\n{' '.join(command)}"[:1000]
            )
    print(f"seed {seed}: {rounds} rounds, the slowest took {slowest:.2f} s")


main()

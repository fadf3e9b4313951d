"""Kills runs of pfproc that keep a journal, and takes them up until they end.

    resume.py ROUNDS SEED PFPROC

Each round takes a kind of output, a mode, and a number of threads for each of
its runs, at random. SIGKILL comes at random instants, and now and then the last
line of the journal is torn, or the output has more than it should. In the end
there must be what one run without all that writes, and the last run must tell
the same of it. Works in the current folder, which is empty. A failure says what
is needed to see it again.
"""
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time

N_FILES = 60
# What was put in would be replaced, if it was looked at again.
GLOSSARY = "teh\tthe\nthe\tthat\nthat\twhat\n"
KINDS = {
    "find": ["--output=out"],
    "tsv": ["--format=tsv", "--header", "--output=out"],
    "jsonl": ["--format=jsonl", "--output=out"],
    "count": ["-c", "--output=out"],
    "lines": ["--lines", "-C1", "--output=out"],
    "page": ["--annotate", "--standalone", "--output=out"],
    "replace": ["--replace", "--output=out"],
    "tree": ["--replace", "--output-dir=out"],
    "edit": ["--replace", "--in-place"],
    "backup": ["--replace", "--in-place=.bak"],
}
COUNTS = ["outcome", "exit_status", "files", "files_matched", "files_failed",
          "files_skipped_binary", "files_with_invalid_bytes", "bytes",
          "tokens", "matches", "errors"]


def make_inputs(rng):
    os.mkdir("pristine")
    for i in range(N_FILES):
        lines = rng.choice([0, 1, 2, 30, 200, 4000])
        text = b"".join(b"%s line %d\n" % (rng.choice([b"teh", b"no", b"the", b"\xff"]), k)
                        for k in range(lines))
        if rng.random() < 0.05:
            text = b"teh\0" + text
        with open(f"pristine/{i:02}", "wb") as file:
            file.write(text)
    with open("g.tsv", "w", encoding="ascii") as file:
        file.write(GLOSSARY)


def command(rng, pfproc, kind, names, more):
    return [pfproc, "-g", "../g.tsv", *KINDS[kind], "--journal=../journal",
            "--stats=../stats", "--memory=1M",
            rng.choice(["--mode=fork-join", "--mode=pipeline"]),
            f"-j{rng.choice([1, 2, 8])}", *more, *names]


def fresh():
    shutil.rmtree("w", ignore_errors=True)
    shutil.copytree("pristine", "w")
    for name in ["journal", "stats"]:
        if os.path.exists(name):
            os.unlink(name)


def contents(folder):
    """All files, but for what a killed run leaves."""
    found = {}
    for where, _, names in os.walk(folder):
        for name in names:
            if ".pfproc-" not in name:
                path = os.path.join(where, name)
                with open(path, "rb") as file:
                    found[os.path.relpath(path, folder)] = file.read()
    return found


def counts():
    with open("stats", encoding="ascii") as file:
        stats = json.load(file)
    return {name: stats[name] for name in COUNTS}


def run(words, delay):
    """Its exit status; None where it was killed."""
    child = subprocess.Popen(words, cwd="w", stderr=subprocess.PIPE,
                             stdout=subprocess.PIPE)
    if delay is not None:
        time.sleep(delay)
        child.send_signal(signal.SIGKILL)
    _, messages = child.communicate()
    if child.returncode < 0:
        assert child.returncode == -signal.SIGKILL, child.returncode
        return None
    assert child.returncode in (0, 66), (child.returncode, messages)
    return child.returncode


def spoil(rng, kind):
    """As if the process had been killed in the middle of a write."""
    if os.path.exists("journal") and rng.random() < 0.4:
        size = os.path.getsize("journal")
        with open("journal", "rb+") as file:
            text = file.read()
            last = len(text) - (text[:-1].rfind(b"\n") + 1)
            # A replaced file's line was whole before it was replaced.
            is_replaced = text[len(text) - last:].startswith(b"W")
            if size > 200 and not is_replaced:
                file.truncate(size - rng.randrange(last))
    if os.path.isfile("w/out") and rng.random() < 0.4:
        with open("w/out", "ab") as file:
            file.write(b"half of a li")


def round_of(rng, pfproc):
    kind = rng.choice(list(KINDS))
    names = [f"{i:02}" for i in range(N_FILES)]
    if rng.random() < 0.3:
        names[rng.randrange(N_FILES)] = "missing"
    fresh()
    begin = time.monotonic()
    status = run(command(rng, pfproc, kind, names, []), None)
    whole = time.monotonic() - begin
    wanted, told = contents("w"), counts()
    fresh()
    runs = 0
    print(f"{kind} {'missing' in names}: ", end="", flush=True)
    while True:
        more = ["--resume"] if runs > 0 or rng.random() < 0.5 else []
        delay = rng.random() * whole if runs < 12 else None
        words = command(rng, pfproc, kind, names, more)
        print(words[-len(names) - len(more) - 2:][:2], delay, end=" ", flush=True)
        runs += 1
        ended = run(words, delay)
        if ended is not None:
            break
        spoil(rng, kind)
    print(f"{runs} runs", flush=True)
    assert ended == status, (ended, status)
    seen = contents("w")
    for name in sorted(wanted.keys() | seen.keys()):
        assert wanted.get(name) == seen.get(name), f"{name} is another"
    assert counts() == told, (counts(), told)
    # And once more, when all is done.
    assert run(command(rng, pfproc, kind, names, ["--resume"]), None) == status
    assert contents("w") == wanted, "another after one more run"
    assert counts() == told, (counts(), told)


def main():
    rounds, seed, pfproc = int(sys.argv[1]), sys.argv[2], sys.argv[3]
    rng = random.Random(seed)
    make_inputs(rng)
    for number in range(rounds):
        print(f"seed {seed}, round {number}: ", end="")
        round_of(rng, pfproc)
    print(f"{rounds} rounds")


main()

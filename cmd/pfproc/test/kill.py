"""Kills runs of pfproc that write files, at any instant.

    kill.py ROUNDS SEED PFPROC

Each round takes a way to write files, a mode, a number of threads, SIGKILL or
SIGTERM, and an instant, all at random. Then each file must be whole, either the
old one or the new one; what is left besides must be known by its name, and
after SIGTERM nothing may be; and a run after that must work. Works in the
current folder, which is empty. A failure says what is needed to see it again.
"""
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time

TEMPORARY = re.compile(r"^\..*\.pfproc-\d+-\d+$")
N_FILES = 12


def make_inputs(rng):
    """The old and the new content by name."""
    texts = {}
    for i in range(N_FILES):
        lines = rng.choice([0, 1, 3, 50, 3000, 60000])
        old = b"".join(b"%s line %d\n" % (rng.choice([b"teh", b"no", b"Teh"]), k)
                       for k in range(lines)) + b"end"
        texts[f"f{i}"] = (old, old.replace(b"teh", b"the").replace(b"Teh", b"The"))
    return texts


def command(rng, pfproc, how, nameless):
    words = [pfproc, "--replace", "-g", "../g.codespell", "--memory=1M",
             rng.choice(["--mode=fork-join", "--mode=pipeline"]),
             f"-j{rng.choice([1, 2, 8])}", *how, "-r"]
    if nameless:
        return words
    # Without /proc, nothing can be linked that has no name.
    return ["unshare", "-m", "sh", "-c",
            'mount -t tmpfs none /proc && exec "$@"', "-", *words]


def read(path):
    with open(path, "rb") as file:
        return file.read()


def restore(texts):
    """Writes what is not the old content."""
    for name, (old, _) in texts.items():
        if not os.path.exists(name) or read(name) != old:
            if os.path.exists(name):
                os.unlink(name)
            with open(name, "wb") as file:
                file.write(old)
    for name in os.listdir("."):
        if name not in texts:
            os.unlink(name)
    shutil.rmtree("../out", ignore_errors=True)


def check_here(texts, backups):
    for name, (old, new) in texts.items():
        now = read(name)
        assert now in (old, new), f"{name} is neither old nor new"
        if backups and now != old:
            assert read(name + ".bak") == old, f"{name}.bak is not the old one"
    return [name for name in os.listdir(".")
            if name not in texts and not name.endswith(".bak")]


def check_out(texts):
    left = []
    for folder, _, names in os.walk("../out"):
        for name in names:
            if name not in texts:
                left.append(name)
            else:
                path = os.path.join(folder, name)
                assert read(path) == texts[name][1], f"{path} is not whole"
    return left


def run_killed(words, number, delay):
    child = subprocess.Popen(words, stderr=subprocess.PIPE)
    time.sleep(delay)
    child.send_signal(number)
    _, messages = child.communicate()
    assert messages == b"", messages
    assert child.returncode in (0, -number), child.returncode


def round_of(rng, pfproc, texts, whole, may_unshare):
    how = rng.choice([["--in-place"], ["--in-place=.bak"],
                      ["--output-dir=../out"]])
    nameless = not may_unshare or rng.random() < 0.5
    number = rng.choice([signal.SIGKILL, signal.SIGKILL, signal.SIGTERM])
    words = command(rng, pfproc, how, nameless)
    delay = rng.random() * whole * (1 if nameless else 1.5)
    print(" ".join(words), number, f"{delay:.4f}", flush=True)
    restore(texts)
    run_killed(words, number, delay)
    left = check_here(texts, how == ["--in-place=.bak"]) + check_out(texts)
    for name in left:
        assert TEMPORARY.match(name), f"{name} is left"
    assert number == signal.SIGKILL or not left, left
    # All of it, now, whatever lies around.
    before = sorted(left)
    subprocess.run(command(rng, pfproc, how, True), check=True)
    here = check_here(texts, how == ["--in-place=.bak"])
    assert sorted(here + check_out(texts)) == before, "leftovers changed"
    for name, (_, new) in texts.items():
        path = f"../out/{name}" if "--output-dir=../out" in how else name
        assert read(path) == new, f"{path} is not new"


def main():
    rounds, seed, pfproc = int(sys.argv[1]), sys.argv[2], sys.argv[3]
    rng = random.Random(seed)
    texts = make_inputs(rng)
    os.mkdir("w")
    with open("g.codespell", "w", encoding="ascii") as file:
        file.write("teh->the\n")
    os.chdir("w")
    restore(texts)
    begin = time.monotonic()
    subprocess.run([pfproc, "--replace", "--in-place", "-g", "../g.codespell",
                    "-r"], check=True)
    whole = (time.monotonic() - begin) * 1.1
    # Sanitizers want /proc, too.
    may_unshare = "PF_SANITIZER" not in os.environ and subprocess.run(
        ["unshare", "-m", "true"], check=False,
        stderr=subprocess.DEVNULL).returncode == 0
    for number in range(rounds):
        print(f"seed {seed}, round {number}: ", end="")
        round_of(rng, pfproc, texts, whole, may_unshare)
    print(f"{rounds} rounds")


main()

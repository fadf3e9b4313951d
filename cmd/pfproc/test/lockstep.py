"""Feeds a command one line after the other, each only when what the line before
it led to has arrived.

    lockstep.py [--gap] N INPUT WANTED COMMAND [ARGUMENT]...

Line i of N is INPUT with i for each %d; WANTED, likewise, is the line that must
come out before the next is written. With --gap, half of each line is written,
and nothing must come before the other half is. The command must end with 0 and
say no more.
"""
import select
import subprocess
import sys

PATIENCE = 60  # seconds


def receive(pipe, wanted):
    seen = b""
    while len(seen) < len(wanted):
        if not select.select([pipe], [], [], PATIENCE)[0]:
            sys.exit(f"nothing came in place of {wanted!r}, only {seen!r}")
        some = pipe.read(len(wanted) - len(seen))
        if not some:
            sys.exit(f"the end came in place of {wanted!r}")
        seen += some
    if seen != wanted:
        sys.exit(f"{seen!r} came in place of {wanted!r}")


def feed(child, line, gap):
    if gap:
        half = len(line) // 2
        child.stdin.write(line[:half])
        if select.select([child.stdout], [], [], 0)[0]:
            sys.exit(f"something came before the end of {line!r}")
        line = line[half:]
    child.stdin.write(line)


arguments = sys.argv[1:]
gap = arguments[0] == "--gap"
if gap:
    del arguments[0]
n, given, wanted = int(arguments[0]), arguments[1], arguments[2]
child = subprocess.Popen(
    arguments[3:], bufsize=0, stdin=subprocess.PIPE, stdout=subprocess.PIPE
)
for i in range(1, n + 1):
    feed(child, given.replace("%d", str(i)).encode() + b"\n", gap)
    receive(child.stdout, wanted.replace("%d", str(i)).encode() + b"\n")
child.stdin.close()
rest = child.stdout.read()
if rest:
    sys.exit(f"{rest!r} came behind the end")
sys.exit(child.wait())

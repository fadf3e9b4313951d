"""How each program is asked to do a job, in its fastest way, and how the
number of matches is taken from what it prints."""

import os
import shutil
from dataclasses import dataclass, replace

from corpus import Files
from runner import Command
from terms import TermList

BLOCK = 1 << 20
# Room for 4 MB of file names on a command line, so that a long term list is
# not compiled more often than needed; Linux allows a quarter of the stack.
STACK = 32 << 20
ARGUMENTS = 4 << 20
# Programs below lib/bench.
CONSTRUCTS = ("channel_bench", "par_bench")


@dataclass(frozen=True)
class Job:
    """Find each term of a list in files. action: total or find."""

    terms: TermList
    files: Files
    action: str = "total"
    ignore_case: bool = False
    anywhere: bool = False  # not only whole words
    jobs: int = 2

    def with_(self, **changes):
        return replace(self, **changes)


# --- counting matches in what a program has printed ---


def count_lines(path):
    with open(path, "rb") as file:
        return sum(
            block.count(b"\n") for block in iter(lambda: file.read(BLOCK), b"")
        )


def sum_of_last_field(separator):
    """PATH:N lines, or TERM<TAB>N."""

    def count(path):
        with open(path, "rb") as file:
            return sum(
                int(line.rsplit(separator, 1)[1])
                for line in file
                if line.strip()
            )

    return count


def sum_of_totals(path):
    """TERM<TAB>MATCHES<TAB>FILES lines."""
    with open(path, "rb") as file:
        return sum(int(line.split(b"\t")[-2]) for line in file)


def printed_values(path):
    """NAME<TAB>VALUE<TAB>UNIT lines."""
    with open(path, encoding="utf-8") as file:
        fields = [line.rstrip("\n").split("\t") for line in file]
    return [(name, float(value), unit) for name, value, unit in fields]


# --- ours ---


class Ours:
    """The programs of this project, in the folder they were built in."""

    def __init__(self, build):
        self.folder = build
        self.pfproc = os.path.join(build, "cmd/pfproc/pfproc")
        self.pfglossary = os.path.join(build, "cmd/pfglossary/pfglossary")
        self.floor = os.path.join(build, "bench/floor")
        self.timed = os.path.join(build, "bench/timed")
        self.vectorscan = os.path.join(build, "bench/vectorscan")
        self.slow_read = os.path.join(build, "lib/bench/slow_read.so")
        self.mandelbrot = os.path.join(build, "lib/examples/mandelbrot")

    def constructs(self):
        """What measures single constructs, by name."""
        folder = os.path.join(self.folder, "lib/bench")
        paths = {n: os.path.join(folder, n) for n in CONSTRUCTS}
        return {
            name: Command([path], values=printed_values)
            for name, path in paths.items()
            if os.path.exists(path)
        }

    def draw(self, jobs, image):
        return Command([self.mandelbrot, "-j", str(jobs), "-o", image])

    def match_slowly(self, job, glossary, more):
        """Every read takes 2 ms more."""
        command = self.match(job, glossary, more=more)
        command.env["LD_PRELOAD"] = self.slow_read
        # Where it cannot be loaded, only a message says so.
        command.is_quiet = True
        return command

    def read_all(self, files, jobs=2):
        return Command([self.floor, "-j", str(jobs), files.names])

    def match(self, job, glossary=None, isa=None, more=()):
        """glossary: an image of the job's terms, in place of their list."""
        argv = [self.pfproc, f"-j{job.jobs}", "-a", f"--{job.action}", "--null"]
        argv += ["-T", job.files.names, "-g", glossary or job.terms.path, *more]
        if job.ignore_case:
            argv.append("-i")
        if job.anywhere:
            argv.append("--boundary=none")
        count = sum_of_totals if job.action == "total" else count_lines
        return Command(
            argv, env={"PFPROC_ISA": isa} if isa else {}, count=count
        )

    def rewrite(self, files, *how, folder=None):
        """Misspellings in all files, binaries too."""
        argv = [self.pfproc, "-j2", "-a", "--null", "-T", files.names, *how]
        argv += ["-g", "@misspellings"]
        argv += [f"--output-dir={folder}"] if folder else []
        return Command(argv, writes=folder)

    def build_image(self, source, image, anywhere=False):
        argv = [self.pfglossary, "build", "-o", image]
        argv += ["--anywhere"] if anywhere else []
        return Command(argv + [source], sample=True)

    def scan_by_vectorscan(self, job, database=None):
        """All occurrences, overlapping ones too."""
        argv = [
            self.vectorscan,
            "-j",
            str(job.jobs),
            *([] if job.anywhere else ["-w"]),
        ]
        argv += ["-i"] if job.ignore_case else []
        argv += ["-d", database] if database else []
        argv += [job.terms.path, job.files.names]
        return Command(argv, count=sum_of_last_field(b"\t"), processes=1)


def copy(files, folder):
    argv = ["cp", "-r", "--parents", "-t", folder, "--", *files.roots]
    return Command(argv, writes=folder)


# --- peers: each returns None for a job that it cannot do ---


def ripgrep(job):
    if job.action != "total" or job.anywhere:
        return None
    argv = ["rg", f"-j{job.jobs}", "-uu", "-a", "--no-config", "-Fw"]
    argv += ["-i"] if job.ignore_case else ["-s"]
    argv += [
        "--count-matches",
        "-H",
        "-f",
        job.terms.path,
        "--",
        *job.files.roots,
    ]
    return Command(
        argv, good=(0, 1), count=sum_of_last_field(b":"), processes=1
    )


def ugrep(job):
    if job.anywhere:
        return None
    argv = ["ugrep", f"-J{job.jobs}", "-r", "-p", "--hidden", "-a", "-Fw", "-H"]
    argv += ["-i"] if job.ignore_case else []
    argv += ["-co"] if job.action == "total" else ["-o"]
    argv += ["-f", job.terms.path, "--", *job.files.roots]
    total = job.action == "total"
    count = sum_of_last_field(b":") if total else count_lines
    return Command(argv, good=(0, 1), count=count, processes=1)


def git_grep(job):
    """It takes minutes with a thousand terms, so it is not asked."""
    if job.anywhere or job.terms.n > 100:
        return None
    argv = ["git", "grep", "--no-index", f"--threads={job.jobs}", "-a", "-Fwo"]
    argv += ["-i"] if job.ignore_case else []
    argv += ["-f", job.terms.path, "--", *job.files.roots]
    return Command(argv, good=(0, 1), count=count_lines, processes=1)


def _xargs(job, argv, processes, good):
    """Names from the list to several processes at a time. Few of them where
    the start is dear, more where shares of the work would be uneven."""
    each = max(1, -(-job.files.n // processes))
    front = ["prlimit", f"--stack={STACK}", "xargs", "-0", f"-P{job.jobs}"]
    front += ["-s", str(ARGUMENTS), "-n", str(each)]
    return Command(
        front + argv,
        job.files.names,
        good=good,
        count=count_lines,
        processes=job.jobs,
    )


def gnu_grep(job):
    if job.anywhere:
        return None
    argv = ["grep", "-Fwo", "-a", "-H", *(["-i"] if job.ignore_case else [])]
    argv += ["-f", job.terms.path, "--"]
    processes = 4 if job.terms.n > 50000 else 8 if job.terms.n > 5000 else 32
    command = _xargs(job, argv, processes, (0, 123))
    # 123 is said of files without a match, and of a grep that failed.
    command.is_quiet = True
    return command


def codespell(job):
    """It ignores case, and its dictionary must be made of the list first."""
    if not job.ignore_case or job.anywhere or job.action != "total":
        return None
    argv = ["codespell", "-d", "-D", codespell_dictionary(job.terms)]
    return _xargs(job, argv, 8, (0, 65, 123))


def codespell_dictionary(terms):
    path = terms.path + ".codespell"
    if not os.path.exists(path):
        with open(terms.path, encoding="utf-8") as words:
            lines = [f"{word.rstrip()}->x\n" for word in words]
        with open(path + ".new", "w", encoding="utf-8") as file:
            file.writelines(lines)
        os.rename(path + ".new", path)
    return path


@dataclass(frozen=True)
class Peer:
    """deviation: why its count may be another than ours."""

    name: str
    program: str
    command: object
    deviation: str

    def is_there(self):
        return shutil.which(self.program) is not None


PEERS = (
    Peer(
        "ripgrep",
        "rg",
        ripgrep,
        "takes the term that stands first in the list where several begin at "
        "one place, not the longest",
    ),
    Peer(
        "ugrep",
        "ugrep",
        ugrep,
        "does not take Chinese letters and others for word characters",
    ),
    Peer(
        "GNU grep",
        "grep",
        gnu_grep,
        "takes the word characters of the C library, which lacks some marks",
    ),
    Peer("git grep", "git", git_grep, "has word classes of its own"),
    Peer(
        "codespell",
        "codespell",
        codespell,
        "splits words by a rule of its own and skips hidden and binary files",
    ),
)

"""Measures pfproc. Run it by scripts/bench.

    options   the command line, and how large things are
    terms     term lists            corpus    files to search
    texts     made-up texts         programs  command lines of all programs
    cases     what is measured      rounds    in which order, how often
    runner    one run               targets   what is aimed at
    report    JSON and Markdown     plots     SVG
    machine   what it ran on
"""

import dataclasses
import os
import shutil
import subprocess
import sys
import tempfile
import time

import cases
import machine
import options
import plots
import report
from corpus import Tree, unpack
from programs import Ours
from rounds import Limits, Rounds
from runner import Interrupts, Runner
from terms import Terms
from texts import Texts

TOP = os.path.realpath(os.path.join(os.path.dirname(__file__), ".."))


def say(text):
    print(text, file=sys.stderr, flush=True)


def scale_of(args):
    scale = options.QUICK if args.quick else options.FULL
    given = {"rounds": args.rounds, "limit": args.limit, "part": args.part}
    return dataclasses.replace(
        scale, **{k: v for k, v in given.items() if v is not None}
    )


def limits_of(scale, start):
    deadline = start + scale.peers_until if scale.peers_until else None
    return Limits(
        scale.rounds,
        scale.ours,
        scale.limit,
        scale.budget,
        deadline,
        scale.give_up,
    )


def is_wanted(args):
    """Which peers are there and asked for."""
    return lambda peer: peer.name in args.peers and peer.is_there()


def built(args):
    """The programs, with the flags that count."""
    if args.build is None:
        folder = os.path.join(TOP, "build/bench")
        build = [os.path.join(TOP, "scripts/build"), "--quiet", folder, "--"]
        subprocess.run(build + ["CFLAGS=-O2", "--disable-shared"], check=True)
        return Ours(folder)
    return Ours(os.path.realpath(args.build))


def settings_of(args, context, scale):
    return {
        "quick": args.quick,
        "rounds": scale.rounds,
        "seed": args.seed,
        "files": context.files.n,
        "bytes": context.files.size,
        "scale": dataclasses.asdict(scale),
    }


def measure(args, rounds, context, sheet):
    """Saves after each case, so that nothing is lost where it is ended."""
    good = True
    for case in args.cases:
        say(f"{case.id}:")
        good = sheet.add(rounds.run_case(case, case.prepare(context)))
    return good


class Sheet:
    """The results, and the files that show them. Results of other cases, which
    an earlier run wrote there, stay where that is asked for."""

    def __init__(self, args, context, scale, folders):
        self.folder = args.output
        self.facts = machine.describe(context.ours)
        self.settings = settings_of(args, context, scale)
        self.folders = folders
        self.bytes = context.files.size
        self.results = {}
        if args.add:
            self.results = report.load(
                self._path("bench.json"), self.facts, self.settings
            )

    def _path(self, name):
        return os.path.join(self.folder, name)

    def add(self, result):
        """False where something could not be drawn."""
        self.results[result.id] = result
        order = [case.id for case in cases.CASES]
        self.results = dict(
            sorted(self.results.items(), key=lambda item: order.index(item[0]))
        )
        return self._write()

    def _write(self):
        os.makedirs(self.folder, exist_ok=True)
        drawn, problems = plots.draw_all(self.folder, self.results, self.bytes)
        for problem in problems:
            say(f"bench: {problem}")
        record = report.record(
            self.results, self.facts, self.settings, self.folders
        )
        report.write_json(self._path("bench.json"), record)
        report.write_markdown(
            self._path("bench.md"),
            self.results,
            self.facts,
            self.settings,
            drawn,
        )
        return not problems


def own_failures(results):
    return [
        f"{result.id}: {run.key}"
        for result in results.values()
        for run in result.runs.values()
        if not run.is_peer and run.last_status() != "ok" and not is_missing(run)
    ]


def is_missing(run):
    """A command that this pfglossary does not know: a usage error."""
    return run.outcomes and run.outcomes[-1].exit_code == 64


def context_of(args, scale, ours, runner, tree, images):
    return cases.Context(
        scale=scale,
        terms=Terms(args.work, args.seed, args.words, args.wordnet),
        tree=tree,
        texts=Texts(args.work, args.seed),
        ours=ours,
        files=tree.part(scale.part) if scale.part else tree.whole(),
        small_file=os.path.join(TOP, "testdata/letter.txt"),
        use=is_wanted(args),
        use_vectorscan="Vectorscan" in args.peers,
        run_once=lambda command: runner.run(command, scale.ours),
        folder=images,
        copies=runner.copies,
    )


def run(args, start, interrupts):
    scale, ours = scale_of(args), built(args)
    os.makedirs(args.work, exist_ok=True)
    tree = Tree(args.work, args.tree or unpack(args.work, say), args.seed)
    fast = args.fast_disk or ("/dev/shm" if os.path.isdir("/dev/shm") else None)
    runner = Runner(ours.timed, tree.path, fast, interrupts)
    # Where an image would be: not on tmpfs, whose pages count as memory.
    images = tempfile.mkdtemp(prefix="images-", dir=args.work)
    try:
        context = context_of(args, scale, ours, runner, tree, images)
        # Everything is to come from the page cache.
        runner.run(ours.read_all(context.files))
        rounds = Rounds(runner, limits_of(scale, start), say)
        folders = {
            TOP + "/": "",
            os.path.realpath(ours.folder) + "/": "",
            args.work: "WORK",
            tree.path: "TREE",
            images: "IMAGES",
        }
        sheet = Sheet(args, context, scale, folders)
        good = measure(args, rounds, context, sheet)
    finally:
        runner.close()
        shutil.rmtree(images, ignore_errors=True)
    with open(os.path.join(args.output, "bench.md"), encoding="utf-8") as file:
        shutil.copyfileobj(file, sys.stdout)
    failures = own_failures(sheet.results)
    for failure in failures:
        say(f"bench: failed: {failure}")
    return 0 if good and not failures else 1


def main():
    start = time.monotonic()
    args = options.parse(TOP, sys.argv[1:])
    interrupts = Interrupts()
    try:
        sys.exit(run(args, start, interrupts))
    except KeyboardInterrupt:
        say("bench: interrupted")
        sys.exit(130)
    except (OSError, subprocess.CalledProcessError) as error:
        say(f"bench: {error}")
        sys.exit(1)


if __name__ == "__main__":
    main()

"""What is measured. A case is a set of runs that are compared with each other,
so they take turns; it is prepared only when its turn comes."""

import fnmatch
import os
from dataclasses import dataclass, field

from programs import PEERS, Job, copy
from runner import Command
from terms import TermList

# Keys of runs, which are also what tables and plots call them.
FLOOR = "floor"
LIST = "pfproc"
IMAGE = "pfproc, image"
BUILD = "pfglossary build"
VECTORSCAN_WORDS = "Vectorscan, whole words"
ISAS = ("avx2", "scalar")
FORK_JOIN = "fork-join"
PIPELINE = "pipeline"
COPY = "cp -r"
REWRITES = ("--replace", "--annotate")
READERS = 32
SLOW_FILES = 4000
PACKED_FILES, PACKS = 16000, 16


def isa_key(isa):
    return f"{IMAGE}, {isa}"


@dataclass
class Run:
    """agrees_with: the run whose number of matches this one must have too, or
    "check" for the case's check. deviation: why it may differ all the same.
    is_peer: it may be given up on. is_program: it counts as fastest peer."""

    key: str
    command: Command
    is_peer: bool = False
    agrees_with: str = None
    deviation: str = ""
    is_program: bool = False


@dataclass
class Prepared:
    """check: a run of pfproc by the rules that all programs share. warm: what
    else is run, untimed, before all others. facts: for the record; "terms" is
    how many there are. notes: where there was no image."""

    runs: list
    check: Command = None
    warm: list = field(default_factory=list)
    rounds: int = None
    notes: list = field(default_factory=list)
    facts: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Case:
    """title: may name facts. quick: whether it is among those of --quick."""

    id: str
    title: str
    prepare: object
    quick: bool = False


@dataclass
class Context:
    """What cases are made of."""

    scale: object
    terms: object
    tree: object
    texts: object
    ours: object
    files: object  # the files of the tree that are searched
    small_file: str
    use: object  # is a peer wanted?
    use_vectorscan: bool
    run_once: object  # Command -> Outcome
    folder: str  # for images
    copies: str  # for files that are written
    images: dict = field(default_factory=dict)

    def image(self, terms, anywhere=False):
        """(path, note): an image of the list, or else the list itself."""
        key = (terms.path, anywhere)
        if key not in self.images:
            self.images[key] = self._build(terms, anywhere)
        return self.images[key]

    def has_vectorscan(self):
        return self.use_vectorscan and os.path.exists(self.ours.vectorscan)

    def image_path(self, terms, anywhere=False):
        name = os.path.basename(terms.path) + ("-anywhere" if anywhere else "")
        return os.path.join(self.folder, name + ".pfg")

    def _build(self, terms, anywhere):
        path = self.image_path(terms, anywhere)
        outcome = self.run_once(
            self.ours.build_image(terms.path, path, anywhere)
        )
        if outcome.status == "ok" and os.path.exists(path):
            return path, None
        if anywhere:
            return self.image(terms)
        reason = (outcome.stderr.splitlines() or [outcome.status])[0]
        return terms.path, f"no image, the text list in its place ({reason})"


# --- parts of cases ---


def peer_runs(context, job):
    runs = []
    for peer in PEERS:
        command = peer.command(job)
        if command is not None and context.use(peer):
            run = Run(peer.name, command, True, "check", peer.deviation, True)
            runs.append(run)
    return runs + vectorscan_runs(context, job)


def vectorscan_runs(context, job):
    """For the record only: a library, and the program around it is ours."""
    if job.action != "total" or not context.has_vectorscan():
        return []
    command = context.ours.scan_by_vectorscan(job)
    deviation = "counts overlapping words, and looks at ASCII only"
    return [Run(VECTORSCAN_WORDS, command, True, "check", deviation)]


def check(context, job):
    """White space as it stands and the rule of grep -w, and matches counted,
    not entries: this is what all peers do."""
    more = ("--boundary=strict", "--space=exact")
    command = context.ours.match(job, more=more)
    command.argv[command.argv.index(f"--{job.action}")] = "-c"
    command.count = _sum_of_counts
    return command


def _sum_of_counts(path):
    with open(path, "rb") as file:
        return sum(int(line.rsplit(b":", 1)[1]) for line in file)


def floor_run(context, files):
    return Run(FLOOR, context.ours.read_all(files))


def whole_words(context, job, isas=ISAS):
    """Floor, pfproc in all ways, and peers at one job."""
    image, note = context.image(job.terms)
    match = context.ours.match
    runs = [floor_run(context, job.files)]
    runs += [
        Run(LIST, match(job)),
        Run(IMAGE, match(job, image), agrees_with=LIST),
    ]
    runs += [
        Run(isa_key(isa), match(job, image, isa), agrees_with=LIST)
        for isa in isas
    ]
    if not job.terms.phrases and not job.ignore_case:
        # Their words begin and end in word characters: then the rule of
        # grep -w is the same as that of whole words.
        runs[1].agrees_with = "check"
    runs += peer_runs(context, job)
    # The largest output of all, to find its pages there when it counts.
    warm = [match(job)] if job.action == "find" else []
    prepared = Prepared(runs, check(context, job), warm, notes=noted(note))
    prepared.facts["terms"] = job.terms.n
    return prepared


def noted(note):
    return [note] if note else []


def loaded(context, terms):
    """pfproc with nothing to do but to load a list."""
    return context.ours.match(
        Job(terms, context.tree.other(context.small_file))
    )


# --- the cases ---


def total(terms):
    return lambda c: whole_words(c, Job(terms(c), c.files))


def find(terms):
    return lambda c: whole_words(c, Job(terms(c), c.files, "find"), ())


def ignore(n, with_peers):
    """Exact case and ignoring it, side by side."""

    def prepare(context):
        job = Job(context.terms.words(n), context.files)
        folded = job.with_(ignore_case=True)
        prepared = whole_words(context, folded, ())
        if not with_peers:
            prepared.runs = [run for run in prepared.runs if not run.is_peer]
        image, _ = context.image(job.terms)
        prepared.runs.insert(1, Run("exact", context.ours.match(job, image)))
        return prepared

    return prepare


def one_file(context):
    tree = Job(context.terms.words(100000), context.files)
    one = tree.with_(files=context.tree.one_file(context.files))
    image, note = context.image(tree.terms)
    read = context.ours.read_all(one.files)
    runs = [
        floor_run(context, tree.files),
        Run("tree", context.ours.match(tree, image)),
        Run("one file", context.ours.match(one, image), agrees_with="tree"),
        Run(
            "one file, -j1",
            context.ours.match(one.with_(jobs=1), image),
            agrees_with="tree",
        ),
    ]
    return Prepared(runs, warm=[read], notes=noted(note))


def jobs(context):
    job = Job(context.terms.words(100000), context.files)
    image, note = context.image(job.terms)
    runs = [
        Run(
            f"-j{n}",
            context.ours.match(job.with_(jobs=n), image),
            agrees_with="-j1",
        )
        for n in (1, 2)
    ]
    return Prepared(runs, notes=noted(note))


def anywhere(n):
    """All occurrences of strings, which is what Vectorscan reports; and those
    that do not overlap. It may keep its database as we keep an image."""

    def prepare(context):
        job = Job(context.terms.words(n), context.files, anywhere=True)
        image, note = context.image(job.terms, anywhere=True)
        match, all_of_them = context.ours.match, ("--overlapping",)
        runs = [
            floor_run(context, job.files),
            Run(LIST, match(job, more=all_of_them)),
            Run(IMAGE, match(job, image, more=all_of_them), agrees_with=LIST),
            Run("pfproc, image, not overlapping", match(job, image)),
        ]
        if context.has_vectorscan():
            database = context.image_path(job.terms) + ".hs"
            scan = context.ours.scan_by_vectorscan
            context.run_once(
                scan(
                    job.with_(files=context.tree.other(context.small_file)),
                    database,
                )
            )
            runs.append(Run("Vectorscan", scan(job), True, LIST))
            runs.append(
                Run("Vectorscan, database", scan(job, database), True, LIST)
            )
        return Prepared(runs, notes=noted(note))

    return prepare


def build(terms):
    """Building an image, and for comparison loading the list at the start."""

    def prepare(context):
        made_of = terms(context)
        image = context.image_path(made_of)
        context.image(made_of)
        facts = {
            "terms": made_of.n,
            "source_bytes": os.path.getsize(made_of.path),
        }
        if os.path.exists(image):
            facts["image_bytes"] = os.path.getsize(image)
            extra = facts["image_bytes"] - _payload(made_of)
            facts["bytes_an_entry"] = round(extra / made_of.n, 1)
        runs = [
            Run(BUILD, context.ours.build_image(made_of.path, image)),
            Run("list loaded by pfproc", loaded(context, made_of)),
        ]
        return Prepared(runs, facts=facts)

    return prepare


def _payload(terms):
    """Bytes of terms and values: a tab or line break ends each."""
    columns = 2 if terms.path.endswith(".tsv") else 1
    return os.path.getsize(terms.path) - columns * terms.n


def open_image(context):
    terms = context.terms.entries(context.scale.entries)
    image, note = context.image(terms)
    job = Job(terms, context.tree.other(context.small_file), "find")
    total_job = job.with_(action="total")
    runs = [
        Run(IMAGE, context.ours.match(job, image)),
        # This has a counter for each term.
        Run(f"{IMAGE}, --total", context.ours.match(total_job, image)),
    ]
    return Prepared(
        runs,
        rounds=context.scale.opens,
        notes=noted(note),
        facts={"terms": terms.n, "image_bytes": os.path.getsize(image)},
    )


def alike(context):
    """Tokens that share length, first and last bytes, against random ones."""
    n, runs, notes, warm = context.scale.alike, [], [], []
    for kind in ("alike", "unlike"):
        terms = getattr(context.terms, kind)(n)
        text = context.tree.other(
            context.texts.tokens(kind, n, context.scale.tokens)
        )
        image, note = context.image(terms)
        notes += noted(note)
        warm.append(context.ours.read_all(text))
        path = context.image_path(terms)
        match = context.ours.match(Job(terms, text), image)
        # Both texts are drawn alike.
        runs.append(Run(f"{kind}, match", match, agrees_with="alike, match"))
        runs.append(
            Run(f"{kind}, build", context.ours.build_image(terms.path, path))
        )
        runs.append(Run(f"{kind}, load", loaded(context, terms)))
    return Prepared(runs, warm=warm, notes=notes, facts={"terms": n})


def scripts(context):
    runs, notes, warm = [], [], []
    for script in ("ascii", "russian", "greek", "chinese"):
        terms = context.texts.script_terms(script, 10000)
        text = context.tree.other(
            context.texts.script(script, context.scale.script)
        )
        image, note = context.image(terms)
        notes += noted(note)
        warm.append(context.ours.read_all(text))
        runs.append(Run(script, context.ours.match(Job(terms, text), image)))
    return Prepared(runs, warm=warm, notes=notes)


def constructs(context):
    """Channels, joins and loops by themselves. Each program takes turns and
    medians of its own."""
    commands = context.ours.constructs()
    return Prepared([Run(k, c) for k, c in commands.items()], rounds=1)


def mandelbrot(context):
    """The example program, where it is built: it wants a library."""
    if not os.path.exists(context.ours.mandelbrot):
        return Prepared([], notes=["the example program was not built"])
    image = os.path.join(context.folder, "mandelbrot.png")
    return Prepared(
        [Run(f"-j{n}", context.ours.draw(n, image)) for n in (1, 2)]
    )


def modes(context):
    """Both modes, while nothing is waited for."""
    job = Job(context.terms.words(1000), context.files)
    image, note = context.image(job.terms)
    match = context.ours.match
    runs = [
        Run(mode, match(job, image, more=(f"--mode={mode}",)))
        for mode in (FORK_JOIN, PIPELINE)
    ]
    runs[1].agrees_with = FORK_JOIN
    return Prepared(runs, notes=noted(note))


def slow_modes(context):
    """Both modes, where each read waits as for a disk."""
    files = context.tree.few(SLOW_FILES)
    job = Job(context.terms.words(1000), files)
    image, note = context.image(job.terms)
    match = context.ours.match_slowly
    readers = (f"--mode={PIPELINE}", f"--readers={READERS}")
    runs = [
        Run(FORK_JOIN, match(job, image, (f"--mode={FORK_JOIN}",))),
        Run(PIPELINE, match(job, image, readers), agrees_with=FORK_JOIN),
    ]
    facts = {"files": files.n}
    return Prepared(runs, notes=noted(note), facts=facts)


def rewriting(context):
    """Files of their own, against a copy of them all and finding the same; and
    what differs, against finding it."""
    folder = context.copies
    rewrite = context.ours.rewrite
    runs = [
        Run("--find", rewrite(context.files)),
        Run("--diff", rewrite(context.files, "--replace", "--diff")),
        Run(COPY, copy(context.files, folder)),
    ]
    for how in REWRITES:
        command = rewrite(context.files, how, folder=folder)
        runs.append(Run(f"{how}, --output-dir", command))
    return Prepared(runs)


def packed(context):
    """Compressed archives, by one worker and by two."""
    files = context.tree.packed(context.tree.few(PACKED_FILES), PACKS)
    job = Job(context.terms.words(1000), files)
    image, note = context.image(job.terms)
    runs = [
        Run(
            f"-z -j{n}",
            context.ours.match(job.with_(jobs=n), image, more=("-z",)),
            agrees_with="-z -j1",
        )
        for n in (1, 2)
    ]
    return Prepared(runs, notes=noted(note), facts={"packs": PACKS})


def part(share):
    """A part of the files, for the plot of time against bytes."""

    def prepare(context):
        files = context.tree.part(context.files.size // share)
        prepared = whole_words(
            context, Job(context.terms.words(100000), files), ()
        )
        prepared.facts["bytes"] = files.size
        return prepared

    return prepare


def words(n):
    return lambda context: context.terms.words(n)


def wordnet(context):
    return context.terms.phrases()


def hex_digits(context):
    return context.terms.hex_digits(context.scale.hex_digits)


def entries(context):
    return context.terms.entries(context.scale.entries)


CASES = (
    Case("total-10", "--total, {terms:,} terms", total(words(10)), True),
    Case("total-1000", "--total, {terms:,} terms", total(words(1000)), True),
    Case("total-10000", "--total, {terms:,} terms", total(words(10000)), True),
    Case(
        "total-100000", "--total, {terms:,} terms", total(words(100000)), True
    ),
    Case("total-all", "--total, all {terms:,} words", total(words(None)), True),
    Case(
        "total-wordnet",
        "--total, WordNet's {terms:,} phrases",
        total(wordnet),
        True,
    ),
    Case("total-hex", "--total, {terms:,} hex strings", total(hex_digits)),
    Case("find-100000", "--find, {terms:,} terms", find(words(100000)), True),
    Case("find-all", "--find, all {terms:,} words", find(words(None))),
    Case("ignore-10", "-i, {terms:,} terms", ignore(10, True)),
    Case("ignore-1000", "-i, {terms:,} terms", ignore(1000, True)),
    Case("ignore-10000", "-i, {terms:,} terms", ignore(10000, True)),
    Case("ignore-100000", "-i, {terms:,} terms", ignore(100000, False), True),
    Case("one-file", "one file in place of the tree", one_file, True),
    Case("jobs", "-j2 and -j1, 100,000 terms", jobs, True),
    Case("anywhere-1000", "--boundary=none, 1,000 terms", anywhere(1000), True),
    Case(
        "anywhere-10000", "--boundary=none, 10,000 terms", anywhere(10000), True
    ),
    Case("anywhere-100000", "--boundary=none, 100,000 terms", anywhere(100000)),
    Case("build-hex", "build, {terms:,} hex strings", build(hex_digits)),
    Case(
        "build-entries", "build, {terms:,} entries with values", build(entries)
    ),
    Case("open-image", "a small file, image of {terms:,} entries", open_image),
    Case("alike", "{terms:,} terms with the same length and ends", alike),
    Case("scripts", "text in other scripts", scripts),
    Case("rewrite", "misspellings of all files, replaced", rewriting, True),
    Case("packed", "{packs} compressed archives", packed, True),
    Case("concurrency-constructs", "constructs", constructs, True),
    Case("concurrency-modes", "all in memory, -j2", modes, True),
    Case(
        "concurrency-slow",
        f"every read takes 2 ms more, {{files:,}} files, -j2, {READERS} readers",
        slow_modes,
        True,
    ),
    Case("concurrency-example", "mandelbrot", mandelbrot, True),
    *(
        Case(
            f"bytes-{share}",
            f"1/{share} of the files, {{terms:,}} terms",
            part(share),
        )
        for share in (16, 8, 4, 2)
    ),
)


def chosen(patterns, quick):
    """The cases whose ids match one of the patterns; without patterns, all, or
    those of --quick."""
    if not patterns:
        return [case for case in CASES if case.quick or not quick]
    unknown = [
        p for p in patterns if not any(fnmatch.fnmatch(c.id, p) for c in CASES)
    ]
    if unknown:
        raise ValueError("no such case: " + " ".join(unknown))
    return [c for c in CASES if any(fnmatch.fnmatch(c.id, p) for p in patterns)]

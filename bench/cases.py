"""What is measured. A case is a set of runs that are compared with each other,
so they take turns; it is prepared only when its turn comes."""

import fnmatch
import os
from dataclasses import dataclass, field

from programs import PEERS, Job
from runner import Command
from terms import TermList

# Keys of runs, which are also what tables and plots call them.
FLOOR = "floor"
LIST = "pfproc"
IMAGE = "pfproc, image"
BUILD = "pfglossary build"
ISAS = ("avx2", "scalar")


def isa_key(isa):
    return f"{IMAGE}, {isa}"


@dataclass
class Run:
    """agrees_with: the run whose number of matches this one must have too, or
    "check" for the case's check. deviation: why it may differ all the same."""

    key: str
    command: Command
    is_peer: bool = False
    agrees_with: str = None
    deviation: str = ""


@dataclass
class Prepared:
    """check: an untimed run of pfproc by the rules that all programs share."""

    runs: list
    check: Command = None
    rounds: int = None
    notes: list = field(default_factory=list)
    facts: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Case:
    """quick: whether it is among those of --quick. x: its place in a plot."""

    id: str
    title: str
    prepare: object
    quick: bool = False
    x: float = None


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
    run_once: object  # Command -> Outcome
    folder: str  # for images
    images: dict = field(default_factory=dict)

    def image(self, terms, anywhere=False):
        """(path, note): an image of the list, or else the list itself."""
        key = (terms.path, anywhere)
        if key not in self.images:
            self.images[key] = self._build(terms, anywhere)
        return self.images[key]

    def image_path(self, terms, anywhere=False):
        name = os.path.basename(terms.path) + ("-anywhere" if anywhere else "")
        return os.path.join(self.folder, name + ".pfg")

    def _build(self, terms, anywhere):
        path = self.image_path(terms, anywhere)
        outcome = self.run_once(self.ours.build_image(terms.path, path, anywhere))
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
            run = Run(peer.name, command, True, "check", peer.deviation)
            runs.append(run)
    return runs


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
    runs += [Run(LIST, match(job)), Run(IMAGE, match(job, image), agrees_with=LIST)]
    runs += [Run(isa_key(isa), match(job, image, isa), agrees_with=LIST) for isa in isas]
    if not job.terms.phrases and not job.ignore_case:
        # Their words begin and end in word characters: then the rule of
        # grep -w is the same as that of whole words.
        runs[1].agrees_with = "check"
    runs += peer_runs(context, job)
    return Prepared(runs, check(context, job), notes=[note] if note else [])


def loaded(context, terms):
    """pfproc with nothing to do but to load a list."""
    return context.ours.match(Job(terms, context.tree.other(context.small_file)))


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
    runs = [
        floor_run(context, tree.files),
        Run("tree", context.ours.match(tree, image)),
        Run("one file", context.ours.match(one, image), agrees_with="tree"),
        Run("one file, -j1", context.ours.match(one.with_(jobs=1), image), agrees_with="tree"),
    ]
    return Prepared(runs, notes=[note] if note else [])


def jobs(context):
    job = Job(context.terms.words(100000), context.files)
    image, note = context.image(job.terms)
    runs = [
        Run(f"-j{n}", context.ours.match(job.with_(jobs=n), image), agrees_with="-j1")
        for n in (1, 2)
    ]
    return Prepared(runs, notes=[note] if note else [])


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
        if os.path.exists(context.ours.vectorscan):
            database = context.image_path(job.terms) + ".hs"
            scan = context.ours.scan_by_vectorscan
            context.run_once(scan(job.with_(files=context.tree.other(context.small_file)), database))
            runs.append(Run("Vectorscan", scan(job), True, LIST))
            runs.append(Run("Vectorscan, database", scan(job, database), True, LIST))
        return Prepared(runs, notes=[note] if note else [])

    return prepare


def build(terms):
    """Building an image, and for comparison loading the list at the start."""

    def prepare(context):
        made_of = terms(context)
        image = context.image_path(made_of)
        context.image(made_of)
        facts = {"entries": made_of.n, "source_bytes": os.path.getsize(made_of.path)}
        if os.path.exists(image):
            facts["image_bytes"] = os.path.getsize(image)
            facts["bytes_an_entry"] = round(
                (facts["image_bytes"] - _payload(facts)) / made_of.n, 1
            )
        runs = [
            Run(BUILD, context.ours.build_image(made_of.path, image)),
            Run("list loaded by pfproc", loaded(context, made_of)),
        ]
        return Prepared(runs, facts=facts)

    return prepare


def _payload(facts):
    """Bytes of terms and values: a separator or line break ends each."""
    return facts["source_bytes"] - facts["entries"]


def open_image(context):
    terms = context.terms.entries(context.scale.entries)
    image, note = context.image(terms)
    job = Job(terms, context.tree.other(context.small_file))
    runs = [Run(IMAGE, context.ours.match(job, image))]
    return Prepared(
        runs,
        rounds=context.scale.opens,
        notes=[note] if note else [],
        facts={"image_bytes": os.path.getsize(image)},
    )


def alike(context):
    """Tokens that share length, first and last bytes, against random ones."""
    n, runs, notes = context.scale.alike, [], []
    for kind in ("alike", "unlike"):
        terms = getattr(context.terms, kind)(n)
        text = context.tree.other(context.texts.tokens(kind, n, context.scale.tokens))
        image, note = context.image(terms)
        notes += [note] if note else []
        path = context.image_path(terms)
        runs.append(Run(f"{kind}, match", context.ours.match(Job(terms, text), image)))
        runs.append(Run(f"{kind}, build", context.ours.build_image(terms.path, path)))
        runs.append(Run(f"{kind}, load", loaded(context, terms)))
    return Prepared(runs, notes=notes)


def scripts(context):
    runs, notes = [], []
    for script in ("ascii", "russian", "greek", "chinese"):
        terms = context.texts.script_terms(script, 10000)
        text = context.tree.other(context.texts.script(script, context.scale.script))
        image, note = context.image(terms)
        notes += [note] if note else []
        runs.append(Run(script, context.ours.match(Job(terms, text), image)))
    return Prepared(runs, notes=notes)


def part(share):
    """A part of the files, for the plot of time against bytes."""

    def prepare(context):
        files = context.tree.part(context.files.size // share)
        prepared = whole_words(context, Job(context.terms.words(100000), files), ())
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
    Case("total-10", "--total, 10 terms", total(words(10)), True, 10),
    Case("total-1000", "--total, 1,000 terms", total(words(1000)), True, 1000),
    Case("total-10000", "--total, 10,000 terms", total(words(10000)), True, 10000),
    Case("total-100000", "--total, 100,000 terms", total(words(100000)), True, 100000),
    Case("total-all", "--total, all words", total(words(None)), True, 655856),
    Case("total-wordnet", "--total, WordNet's phrases", total(wordnet), True),
    Case("total-hex", "--total, hex strings", total(hex_digits)),
    Case("find-100000", "--find, 100,000 terms", find(words(100000)), True),
    Case("find-all", "--find, all words", find(words(None))),
    Case("ignore-10", "-i, 10 terms", ignore(10, True)),
    Case("ignore-1000", "-i, 1,000 terms", ignore(1000, True)),
    Case("ignore-10000", "-i, 10,000 terms", ignore(10000, True)),
    Case("ignore-100000", "-i, 100,000 terms", ignore(100000, False), True),
    Case("one-file", "one file in place of the tree", one_file, True),
    Case("jobs", "-j2 and -j1, 100,000 terms", jobs, True),
    Case("anywhere-1000", "--boundary=none, 1,000 terms", anywhere(1000), True),
    Case("anywhere-10000", "--boundary=none, 10,000 terms", anywhere(10000), True),
    Case("anywhere-100000", "--boundary=none, 100,000 terms", anywhere(100000)),
    Case("build-hex", "build, hex strings", build(hex_digits)),
    Case("build-entries", "build, entries with values", build(entries)),
    Case("open-image", "open an image, process a small file", open_image),
    Case("alike", "terms with the same length and ends", alike),
    Case("scripts", "text in other scripts", scripts),
    *(
        Case(f"bytes-{share}", f"1/{share} of the tree, 100,000 terms", part(share))
        for share in (16, 8, 4, 2)
    ),
)


def chosen(patterns, quick):
    """The cases whose ids match one of the patterns; without patterns, all, or
    those of --quick."""
    if not patterns:
        return [case for case in CASES if case.quick or not quick]
    unknown = [p for p in patterns if not any(fnmatch.fnmatch(c.id, p) for c in CASES)]
    if unknown:
        raise ValueError("no such case: " + " ".join(unknown))
    return [c for c in CASES if any(fnmatch.fnmatch(c.id, p) for p in patterns)]

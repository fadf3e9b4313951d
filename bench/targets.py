"""The ratios that are aimed at, and what a run says about them."""

from dataclasses import dataclass

from cases import (
    BUILD,
    COPY,
    FLOOR,
    FORK_JOIN,
    IMAGE,
    LIST,
    PIPELINE,
    REWRITES,
    isa_key,
)

# Against the floor, with an image: at most so many times its time.
FLOOR_LIMITS = {
    "total-10": 2.2,
    "total-1000": 2.2,
    "total-10000": 2.3,
    "total-100000": 2.8,
    "total-all": 4.0,
    "total-wordnet": 5.0,
    "total-hex": 3.5,
}
AVX2_ALLOWANCE = 1.4
# Against the fastest peer, both with the list: at least so many times faster.
PEER_FACTORS = {
    "total-10": 1.0,
    "total-1000": 4.0,
    "total-10000": 8.0,
    "total-100000": 13.0,
    "total-all": 17.0,
    "total-wordnet": 10.0,
    "find-100000": 8.0,
    "find-all": 7.0,
}
VECTORSCAN_FACTORS = {
    "anywhere-1000": 1.0,
    "anywhere-10000": 1.5,
    "anywhere-100000": 2.0,
}
# case, what is measured, what it is held against, limit of the ratio.
RATIOS = (
    ("ignore-10000", IMAGE, "exact", 1.15),
    ("ignore-100000", IMAGE, "exact", 1.15),
    ("one-file", "one file", "tree", 1.0),
    ("alike", "alike, match", "unlike, match", 2.0),
    ("alike", "alike, build", "unlike, build", 2.0),
    ("alike", "alike, load", "unlike, load", 2.0),
    ("scripts", "russian", "ascii", 3.0),
    ("scripts", "greek", "ascii", 3.0),
    ("scripts", "chinese", "ascii", 3.0),
)
JOBS_FACTOR = 1.85
# Archives: each is read by one worker, and they are of unlike sizes.
PACKED_FACTOR = 1.7
MANY = 5_000_000  # terms that are too many for any peer
# Seconds at most, with so many terms and an image.
SECONDS = {
    "build-hex": (BUILD, 3.0, MANY),
    "build-entries": (BUILD, 20.0, 10_000_000),
    "open-image": (IMAGE, 0.010, 10_000_000),
}
# In a pipeline against fork-join: about as much where nothing is waited for, and
# so many times less where every read is.
MODES = 1.15
# Files of their own take at most so many times as long as a copy and a search.
REWRITE = 1.6
DIFF = 1.5
SLOW_FACTOR = 8.0
# What programs measure themselves: at least, at most, or at least so many times
# as much as what they hold it against.
CHANNEL = "channel-1-1-batch"
VALUE_FLOORS = {CHANNEL: 20.0}
VALUE_LIMITS = {"join_all.50-30-10": 52.0}
VALUE_FACTORS = {CHANNEL: 3.0}
PEAK_FACTOR = 2.0
ENTRY_BYTES = 40


@dataclass
class Line:
    """One line of the table. met is None where it could not be judged."""

    title: str
    measured: str
    seconds: float
    against: str = ""
    other: str = ""
    ratio: float = None
    target: str = ""
    met: bool = None


def shown(seconds):
    if seconds is None:
        return "–"
    if seconds < 0.1:
        return f"{seconds * 1000:.1f} ms"
    return f"{seconds:.2f} s"


def lines(results):
    """results: CaseResult by id."""
    found = []
    for result in results.values():
        for judge in (
            _floor,
            _avx2,
            _peer,
            _vectorscan,
            _ratios,
            _jobs,
            _build,
            _modes,
            _rewriting,
            _packed,
            _values,
        ):
            found += judge(result)
    return found


def _named(result, key):
    """A case that could get no image says so in its notes."""
    return (
        f"{key} (not there: the list)"
        if key.startswith(IMAGE) and result.notes
        else key
    )


def _at_most(result, key, other, limit):
    ours, theirs = result.median(key), result.median(other)
    line = Line(result.title, _named(result, key), ours, other, shown(theirs))
    line.target = f"≤ {limit:.3g}"
    if ours and theirs:
        line.ratio = ours / theirs
        line.met = line.ratio <= limit
    return [line]


def _faster(result, key, other, factor):
    """other finished, or ran into its limit: then it is slower than that."""
    run = result.runs[other]
    ours, theirs, least = result.median(key), run.median(), run.at_least()
    line = Line(result.title, _named(result, key), ours, other, shown(theirs))
    line.target = f"≥ {factor:.3g} × faster"
    if theirs is None and least:
        line.other = f"> {least:.0f} s"
    if ours and (theirs or least):
        line.ratio = (theirs or least) / ours
        line.met = line.ratio >= factor or (False if theirs else None)
    return [line]


def _floor(result):
    limit = FLOOR_LIMITS.get(result.id)
    return _at_most(result, IMAGE, FLOOR, limit) if limit else []


def _avx2(result):
    limit = FLOOR_LIMITS.get(result.id)
    key = isa_key("avx2")
    if not limit or key not in result.runs:
        return []
    return _at_most(result, key, FLOOR, limit * AVX2_ALLOWANCE)


def fastest_peer(result):
    """The peer with the least median; where none finished, one that ran into
    its limit, if there is any."""
    done = [run for run in result.peers() if run.median()]
    if done:
        return min(done, key=lambda run: run.median())
    return next((run for run in result.peers() if run.at_least()), None)


def _peer(result):
    if result.id == "total-hex":
        return _no_peer_finishes(result)
    factor = PEER_FACTORS.get(result.id)
    peer = fastest_peer(result) if factor else None
    return _faster(result, LIST, peer.key, factor) if peer else []


def _no_peer_finishes(result):
    peers = [run for run in result.peers() if run.outcomes]
    if not peers:
        return []
    done = [run for run in peers if run.median()]
    statuses = ", ".join(f"{run.key}: {_ending(run)}" for run in peers)
    line = Line(
        result.title,
        LIST,
        result.median(LIST),
        "peers",
        statuses,
        target="none finishes",
    )
    line.met = not done if result.facts["terms"] >= MANY else None
    return [line]


def _ending(run):
    least = run.at_least()
    return (
        f"> {least:.0f} s"
        if least
        else shown(run.median())
        if run.median()
        else "failed"
    )


def _vectorscan(result):
    factor = VECTORSCAN_FACTORS.get(result.id)
    if not factor or "Vectorscan" not in result.runs:
        return []
    found = _faster(result, IMAGE, "Vectorscan, database", factor)
    return found + _faster(result, LIST, "Vectorscan", factor)


def _ratios(result):
    found = []
    for case, key, other, limit in RATIOS:
        if case == result.id:
            found += _at_most(result, key, other, limit)
    return found


def _jobs(result):
    return (
        _faster(result, "-j2", "-j1", JOBS_FACTOR)
        if result.id == "jobs"
        else []
    )


def _packed(result):
    return (
        _faster(result, "-z -j2", "-z -j1", PACKED_FACTOR)
        if result.id == "packed"
        else []
    )


def _modes(result):
    if result.id == "concurrency-modes":
        return _at_most(result, PIPELINE, FORK_JOIN, MODES)
    if result.id == "concurrency-slow":
        return _faster(result, PIPELINE, FORK_JOIN, SLOW_FACTOR)
    if result.id == "concurrency-example" and result.runs:
        line = _faster(result, "-j2", "-j1", 1.0)[0]
        line.target, line.met = "", None
        return [line]
    return []


def _rewriting(result):
    if result.id != "rewrite":
        return []
    found = _at_most(result, "--diff", "--find", DIFF)
    times = [result.median(key) for key in (COPY, "--find")]
    for key in (f"{how}, --output-dir" for how in REWRITES):
        line = Line(result.title, key, result.median(key))
        line.against, line.target = f"{COPY} and --find", f"≤ {REWRITE:g}"
        if line.seconds and all(times):
            line.other, line.ratio = shown(sum(times)), line.seconds / sum(times)
            line.met = line.ratio <= REWRITE
        found.append(line)
    return found


def _values(result):
    found = []
    for run in result.runs.values():
        for name, value in run.values.items():
            found += _value(result, name, value)
    return found


def shown_value(value):
    return f"{value.median():.4g} {value.unit}"


def _value(result, name, value):
    """What it comes to, then how it compares with its peer, whose own line
    would say no more."""
    if name.startswith("g-async-queue"):
        return []
    line = Line(result.title, f"{name}: {shown_value(value)}", None)
    number = value.median()
    if name in VALUE_FLOORS:
        line.target = f"≥ {VALUE_FLOORS[name]:g} {value.unit}"
        line.met = number >= VALUE_FLOORS[name]
    if name in VALUE_LIMITS:
        line.target = f"≤ {VALUE_LIMITS[name]:g} {value.unit}"
        line.met = number <= VALUE_LIMITS[name]
    other = name.replace("channel", "g-async-queue", 1)
    peer = result.value(other) if other != name else None
    return [line] + ([_against(line, name, value, other, peer)] if peer else [])


def _against(line, name, value, other, peer):
    factor = VALUE_FACTORS.get(name, 1.0)
    against = Line(line.title, line.measured, None, other, shown_value(peer))
    against.ratio = value.median() / peer.median()
    against.target = f"≥ {factor:.3g} × as many"
    against.met = against.ratio >= factor
    return against


def _build(result):
    if result.id not in SECONDS:
        return []
    key, limit, terms = SECONDS[result.id]
    line = Line(result.title, _named(result, key), result.median(key))
    line.target = f"≤ {shown(limit)}"
    if line.seconds and result.facts["terms"] >= terms and not result.notes:
        line.met = line.seconds <= limit
    return [line] + (_sizes(result, key) if key == BUILD else [])


def _sizes(result, key):
    """Memory and image of a build."""
    image = result.facts.get("image_bytes")
    peaks = [
        o.anonymous_kib for o in result.runs[key].outcomes if o.status == "ok"
    ]
    if not image or not peaks:
        return []
    peak = max(peaks) * 1024
    memory = Line(
        result.title, f"{key}: peak memory, {peak >> 20} MiB", None, "image"
    )
    memory.other, memory.ratio = f"{image >> 20} MiB", peak / image
    # Meant for entries with values, beside which what a build needs is little.
    if result.id == "build-entries":
        memory.target = f"≤ {PEAK_FACTOR:g}"
        memory.met = peak <= PEAK_FACTOR * image
    each = result.facts["bytes_an_entry"]
    size = Line(result.title, "image: bytes an entry beside its text", None)
    size.other, size.target, size.met = (
        f"{each}",
        f"≤ {ENTRY_BYTES}",
        each <= ENTRY_BYTES,
    )
    return [memory, size]

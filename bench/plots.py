"""SVG plots by gnuplot."""

import os
import subprocess

from cases import FLOOR, IMAGE, LIST, VECTORSCAN_WORDS

WORD_LISTS = (
    "total-10",
    "total-1000",
    "total-10000",
    "total-100000",
    "total-all",
)
# In plots a peer keeps its colour, whichever of them are there.
COLOURS = {
    LIST: "#1f77b4",
    IMAGE: "#0b3d66",
    FLOOR: "#888888",
    "ripgrep": "#d62728",
    "ugrep": "#ff7f0e",
    "GNU grep": "#2ca02c",
    VECTORSCAN_WORDS: "#9467bd",
}

SETTINGS = """\
set terminal svg size 800,560 dynamic background rgb 'white' font 'sans,13'
set output '{output}'
set encoding utf8
set title '{title}'
set xlabel '{x}'
set ylabel 'seconds'
set logscale xy
set format x '10^{{%T}}'
set grid
set key below
"""


def against_terms(results):
    """{program: [(terms, seconds, did it finish?)]}"""
    lists = [r for r in results.values() if r.id in WORD_LISTS]
    return _series((result.facts["terms"], result) for result in lists)


def against_bytes(results, whole):
    """The same over bytes; whole: bytes of all files."""
    parts = [
        (r.facts.get("bytes"), r)
        for r in results.values()
        if r.id.startswith("bytes-")
    ]
    parts += [(whole, r) for r in results.values() if r.id == "total-100000"]
    return _series(parts)


def _series(results):
    series = {}
    for x, result in results:
        for key in COLOURS:
            run = result.runs.get(key) if x else None
            seconds = run and (run.median() or run.at_least())
            if seconds:
                point = (x, seconds, run.median() is not None)
                series.setdefault(key, []).append(point)
    return {key: sorted(points) for key, points in series.items()}


def _data(name, points):
    return [
        f"${name} << EOD",
        *(f"{x} {seconds}" for x, seconds, _ in points),
        "EOD",
    ]


def _script(output, title, x, series):
    script, curves = [SETTINGS.format(output=output, title=title, x=x)], []
    for i, (key, points) in enumerate(series.items()):
        colour = f"lc rgb '{COLOURS[key]}'"
        script += _data(f"all{i}", points)
        curves.append(
            f"$all{i} with linespoints lw 2 pt 7 ps 0.6 {colour} title '{key}'"
        )
        unfinished = [point for point in points if not point[2]]
        if unfinished:
            script += _data(f"unfinished{i}", unfinished)
            curves.append(
                f"$unfinished{i} with points pt 8 ps 2 {colour} notitle"
            )
    if any("$unfinished" in curve for curve in curves):
        curves.append(
            "NaN with points pt 8 ps 2 lc 'black' title 'ended unfinished'"
        )
    return "\n".join([*script, "plot " + ", ".join(curves)]) + "\n"


def draw(path, title, x, series):
    """Returns what gnuplot said against it, or nothing."""
    try:
        done = subprocess.run(
            ["gnuplot"],
            input=_script(os.path.basename(path), title, x, series),
            cwd=os.path.dirname(path),
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError:
        return "gnuplot is not there"
    return done.stderr.strip() if done.returncode else ""


def draw_all(folder, results, whole):
    """([(title, path)], [what went wrong])"""
    plots, problems = [], []
    wanted = (
        (
            "terms.svg",
            "Time against number of terms",
            "terms",
            against_terms(results),
        ),
        (
            "bytes.svg",
            "Time against bytes, 100,000 terms",
            "bytes",
            against_bytes(results, whole),
        ),
    )
    for name, title, x, series in wanted:
        if not series:
            continue
        path = os.path.join(folder, name)
        problem = draw(path, title, x, series)
        if problem:
            problems.append(f"{name}: {problem}")
        else:
            plots.append((title, path))
    return plots, problems

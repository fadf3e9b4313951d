"""SVG plots by gnuplot."""

import os
import subprocess

from cases import FLOOR, IMAGE, LIST

# In plots a peer keeps its colour, whichever of them are there.
COLOURS = {
    LIST: "#1f77b4",
    IMAGE: "#0b3d66",
    FLOOR: "#888888",
    "ripgrep": "#d62728",
    "ugrep": "#ff7f0e",
    "GNU grep": "#2ca02c",
    "codespell": "#9467bd",
}

SETTINGS = """\
set terminal svg size 800,500 dynamic background rgb 'white' font 'sans,13'
set output '{output}'
set encoding utf8
set title '{title}'
set xlabel '{x}'
set ylabel 'seconds'
set logscale xy
set format x '10^{{%T}}'
set grid
set key outside right
"""


def against_terms(results):
    """{program: [(terms, seconds)]}"""
    return _series(
        (result.x, result) for result in results.values() if result.id.startswith("total-")
    )


def against_bytes(results, whole):
    """The same over bytes; whole: bytes of all files."""
    parts = [(r.facts.get("bytes"), r) for r in results.values() if r.id.startswith("bytes-")]
    parts += [(whole, r) for r in results.values() if r.id == "total-100000"]
    return _series(parts)


def _series(results):
    series = {}
    for x, result in results:
        for key in COLOURS:
            seconds = result.median(key) if x else None
            if seconds:
                series.setdefault(key, []).append((x, seconds))
    return {key: sorted(points) for key, points in series.items()}


def draw(path, title, x, series):
    """Returns what gnuplot said against it, or nothing."""
    script = [SETTINGS.format(output=os.path.basename(path), title=title, x=x)]
    curves = []
    for i, (key, points) in enumerate(series.items()):
        script.append(f"$d{i} << EOD")
        script += [f"{at} {seconds}" for at, seconds in points]
        script.append("EOD")
        style = f"with linespoints lw 2 pt 7 ps 0.6 lc rgb '{COLOURS[key]}'"
        curves.append(f"$d{i} {style} title '{key}'")
    script.append("plot " + ", ".join(curves))
    try:
        done = subprocess.run(
            ["gnuplot"],
            input="\n".join(script) + "\n",
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
        ("terms.svg", "Time against number of terms", "terms", against_terms(results)),
        ("bytes.svg", "Time against bytes, 100,000 terms", "bytes", against_bytes(results, whole)),
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

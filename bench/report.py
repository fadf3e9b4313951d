"""Writes what was measured: all of it as JSON, ratios as Markdown."""

import json
import os
from dataclasses import asdict

import targets
from rounds import CaseResult, RunResult, Value
from runner import Outcome
from targets import shown


def run_record(run, folders):
    return {
        "command": _without_folders(run.argv, folders),
        "input": _without_folders([run.stdin], folders)[0],
        "peer": run.is_peer,
        "program": run.is_program,
        "agrees_with": run.agrees_with,
        "deviation": run.deviation,
        "median_seconds": run.median(),
        "matches": run.matches,
        "skipped": run.skipped,
        "values": {name: asdict(v) for name, v in run.values.items()},
        "rounds": [asdict(outcome) for outcome in run.outcomes],
    }


def record(results, machine, settings, folders):
    """folders: path to what stands for it, for no path is of interest."""
    cases = []
    for result in results.values():
        runs = {
            key: run_record(run, folders) for key, run in result.runs.items()
        }
        cases.append(
            {
                "id": result.id,
                "title": result.title,
                "notes": result.notes,
                "facts": result.facts,
                "check_matches": result.check.matches if result.check else None,
                "runs": runs,
            }
        )
    return {
        "machine": machine,
        "settings": settings,
        "cases": cases,
        "targets": [asdict(line) for line in targets.lines(results)],
    }


def _run_of(key, record):
    return RunResult(
        key,
        record["command"],
        record["input"],
        record["peer"],
        record["program"],
        record["agrees_with"],
        record["deviation"],
        record["matches"],
        [Outcome(**outcome) for outcome in record["rounds"]],
        record["skipped"],
        {name: Value(**v) for name, v in record.get("values", {}).items()},
    )


def _case_of(record):
    check = record["check_matches"]
    return CaseResult(
        record["id"],
        record["title"],
        {key: _run_of(key, run) for key, run in record["runs"].items()},
        RunResult("check", [], matches=check) if check is not None else None,
        record["notes"],
        record["facts"],
    )


def load(path, machine, settings):
    """The results that a run like this one, on this machine, wrote to PATH."""
    if not os.path.exists(path):
        return {}
    with open(path, encoding="utf-8") as file:
        data = json.load(file)
    # As they will be when they are written.
    now = json.loads(json.dumps([machine, settings]))
    if [data["machine"], data["settings"]] != now:
        raise OSError(f"{path}: not of this machine and these settings")
    return {record["id"]: _case_of(record) for record in data["cases"]}


def _without_folders(argv, folders):
    cleaned = []
    for word in argv:
        for path in sorted(folders, key=len, reverse=True):
            word = word.replace(path, folders[path])
        cleaned.append(word)
    roots = cleaned.index("--") + 1 if "--" in cleaned else len(cleaned)
    if len(cleaned) - roots > 3:
        cleaned[roots + 1 :] = [f"... {len(cleaned) - roots - 1} more"]
    return cleaned


def write_json(path, data):
    with open(path, "w", encoding="utf-8") as file:
        json.dump(data, file, indent=1, ensure_ascii=False)
        file.write("\n")


# --- Markdown ---

QUICK = (
    "A quick run: a part of the files, so that starting and loading weigh more "
    "than in a full one, for which the targets are meant.\n"
)


def write_markdown(path, results, machine, settings, plots):
    parts = [
        "# Benchmark\n",
        _machine(machine, settings),
        *([QUICK] if settings["quick"] else []),
        "## Ratios\n",
        _table(_target_rows(results)),
        "## All programs\n",
        _explanation(),
        _table(_seconds_rows(results)),
    ]
    parts += [
        f"![{title}]({os.path.basename(plot)})\n" for title, plot in plots
    ]
    notes = _notes(results)
    if notes:
        parts += [
            "## Remarks\n",
            "\n".join(f"- {note}" for note in notes) + "\n",
        ]
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n".join(parts))


def _machine(machine, settings):
    versions = ", ".join(
        said if name.split()[-1] in said else f"{name} {said}"
        for name, said in machine["versions"].items()
        if said
    )
    return (
        f"{machine['cpu']}, {machine['cores']} processors "
        f"({', '.join(machine['instruction_sets'])}), "
        f"{machine['ram_bytes'] / 2**30:.0f} GiB, {machine['kernel']}, {machine['system']}. "
        f"{settings['files']:,} files, {settings['bytes']:,} bytes, all in page cache; "
        f"2 threads; medians of {settings['rounds']} rounds, or of fewer where a number "
        f"of runs (n) is given. Versions: {versions}.\n"
    )


def _explanation():
    return (
        "Seconds; `n` is the number of runs where it is not the number of rounds. "
        "`pfproc` loads the list, as all peers do; `pfproc, image` opens an image.\n"
    )


def _table(rows):
    head, *body = rows
    lines = [head, ["---"] * len(head), *body]
    return (
        "\n".join(
            "| " + " | ".join(_cell(c) for c in line) + " |" for line in lines
        )
        + "\n"
    )


def _cell(text):
    return str(text).replace("|", "\\|").replace("\n", " ")


def _target_rows(results):
    rows = [
        [
            "case",
            "measured",
            "time",
            "against",
            "its time",
            "ratio",
            "target",
            "met",
        ]
    ]
    for line in targets.lines(results):
        ratio = f"{line.ratio:.2f}" if line.ratio is not None else ""
        met = {True: "yes", False: "**no**", None: "not judged"}[line.met]
        time = shown(line.seconds) if line.seconds is not None else ""
        rows.append(
            [
                line.title,
                line.measured,
                time,
                line.against,
                line.other,
                ratio,
                line.target,
                met,
            ]
        )
    return rows


def _seconds_rows(results):
    rows = [
        [
            "case",
            "program",
            "median",
            "n",
            "peak memory",
            "matches",
            "as expected",
        ]
    ]
    for result in results.values():
        for run in result.runs.values():
            rows.append([result.title, run.key, *_run_cells(result, run)])
    return rows


def _run_cells(result, run):
    good = run.seconds()
    if not good:
        return [ending(run), len(run.outcomes), "", "", ""]
    peak = max(o.peak_kib for o in run.outcomes if o.status == "ok") / 1024
    matches = f"{run.matches:,}" if run.matches is not None else ""
    return [
        shown(run.median()),
        len(good),
        f"{peak:.0f} MiB",
        matches,
        agreement(result, run),
    ]


def ending(run):
    least = run.at_least()
    if least:
        return f"> {least:.0f} s"
    return run.last_status() if run.outcomes else f"not run: {run.skipped}"


def agreement(result, run):
    wanted = result.matches_of(run.agrees_with) if run.agrees_with else None
    if wanted is None or run.matches is None or run.key == run.agrees_with:
        return ""
    return "yes" if wanted == run.matches else f"{run.matches - wanted:+,}"


def _notes(results):
    """What the tables cannot show, each once with the cases that it is about."""
    notes = {}
    for result in results.values():
        found = list(result.notes)
        for run in [
            *result.runs.values(),
            *([result.check] if result.check else []),
        ]:
            found += _run_notes(result, run)
        sizes = [f"{k} {v:,}" for k, v in result.facts.items() if k != "terms"]
        found += [", ".join(sizes)] if sizes else []
        for note in found:
            notes.setdefault(note, []).append(result.title)
    return [
        f"{note} ({'; '.join(dict.fromkeys(of))})" for note, of in notes.items()
    ]


def _run_notes(result, run):
    if run.last_status() == "failed":
        outcome = run.outcomes[-1]
        said = outcome.stderr.splitlines()[:1] or [""]
        yield f"{run.key} failed with {outcome.exit_code}: `{said[0]}`"
    if agreement(result, run) not in ("", "yes"):
        wanted = result.matches_of(run.agrees_with)
        reason = f"it {run.deviation}" if run.deviation else "**not explained**"
        yield (
            f"{run.key} counts {run.matches:,} where {wanted:,} are expected: {reason}"
        )

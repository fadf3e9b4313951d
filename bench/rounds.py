"""Runs the programs of a case in turn, so that what slows the machine down for
a while slows all of them."""

import time
from dataclasses import dataclass, field
from statistics import median


@dataclass
class Value:
    """What a program measured itself, once a round."""

    unit: str
    rounds: list = field(default_factory=list)

    def median(self):
        return median(self.rounds)


@dataclass
class RunResult:
    key: str
    argv: list
    stdin: str = ""
    is_peer: bool = False
    is_program: bool = False
    agrees_with: str = None
    deviation: str = ""
    matches: int = None
    outcomes: list = field(default_factory=list)
    skipped: str = ""  # why there were no more runs
    values: dict = field(default_factory=dict)  # by name

    def seconds(self):
        return [o.seconds for o in self.outcomes if o.status == "ok"]

    def median(self):
        return median(self.seconds()) if self.seconds() else None

    def last_status(self):
        return self.outcomes[-1].status if self.outcomes else "not run"

    def at_least(self):
        """Seconds that it takes at the least, where it did not finish."""
        if self.last_status() == "timeout":
            return self.outcomes[-1].seconds
        return None


@dataclass
class CaseResult:
    id: str
    title: str
    runs: dict
    check: RunResult = None
    notes: list = field(default_factory=list)
    facts: dict = field(default_factory=dict)

    def median(self, key):
        return self.runs[key].median() if key in self.runs else None

    def value(self, name):
        """A Value, whichever run has it, or None."""
        for run in self.runs.values():
            if name in run.values:
                return run.values[name]
        return None

    def peers(self):
        return [run for run in self.runs.values() if run.is_program]

    def matches_of(self, key):
        """The number that a run's agrees_with points to."""
        run = self.check if key == "check" else self.runs.get(key)
        return run.matches if run is not None else None


@dataclass
class Limits:
    """In seconds. ours, peer: for one run; budget: for all runs of a peer in a
    case; deadline: on the monotonic clock, no peer starts after it. give_up:
    as in options.Scale."""

    rounds: int
    ours: float
    peer: float
    budget: float
    deadline: float = None
    give_up: tuple = ()


class Rounds:
    def __init__(self, runner, limits, say):
        self.runner = runner
        self.limits = limits
        self.say = say
        self.hopeless = set()

    def run_case(self, case, prepared):
        title = case.title.format(**prepared.facts)
        result = CaseResult(case.id, title, {}, notes=prepared.notes)
        result.facts = prepared.facts
        self.runner.forget_sizes()
        if prepared.check is not None:
            result.check = RunResult("check", prepared.check.argv)
            self._run(prepared.check, result.check, self.limits.ours)
        for command in prepared.warm:
            self.runner.run(command, self.limits.ours)
        for run in prepared.runs:
            result.runs[run.key] = _empty_result(run)
        for _ in range(prepared.rounds or self.limits.rounds):
            for run in prepared.runs:
                self._take_turn(run, result.runs[run.key], case.id)
        return result

    def _take_turn(self, run, result, case_id):
        limit = self.limits.peer if run.is_peer else self.limits.ours
        group = case_id.split("-")[0]
        kind = (run.key, group) if group in self.limits.give_up else None
        if not result.skipped:
            result.skipped = self._reason_to_skip(run, result, kind)
        if result.skipped:
            return
        outcome = self._run(run.command, result, limit)
        if outcome.status == "timeout" and kind:
            self.hopeless.add(kind)

    def _reason_to_skip(self, run, result, kind):
        if result.last_status() in ("timeout", "failed"):
            return result.last_status()
        if not run.is_peer:
            return ""
        if kind in self.hopeless:
            return "took too long with less"
        if self.limits.deadline and time.monotonic() > self.limits.deadline:
            return "out of time"
        spent = sum(result.seconds())
        if spent and spent + result.seconds()[-1] > self.limits.budget:
            return "budget spent"
        return ""

    def _run(self, command, result, limit):
        outcome = self.runner.run(command, limit)
        result.outcomes.append(outcome)
        if outcome.status == "ok" and command.count and result.matches is None:
            result.matches = command.count(self.runner.output)
        if outcome.status == "ok" and command.values:
            for name, number, unit in command.values(self.runner.output):
                value = result.values.setdefault(name, Value(unit))
                value.rounds.append(number)
        self.say(f"  {result.key}: {describe(outcome)}")
        return outcome


def _empty_result(run):
    return RunResult(
        run.key,
        run.command.argv,
        run.command.stdin,
        run.is_peer,
        run.is_program,
        run.agrees_with,
        run.deviation,
    )


def describe(outcome):
    if outcome.status == "ok":
        return f"{outcome.seconds:.3f} s"
    if outcome.status == "timeout":
        return f"> {outcome.seconds:.0f} s"
    return f"failed with {outcome.exit_code}: {outcome.stderr.splitlines()[:1]}"

"""The command line."""

import argparse
import os
import tempfile
from dataclasses import dataclass

from cases import CASES, chosen
from programs import PEERS
from terms import DICTIONARY, WORDNET


NAMES = [*(peer.name for peer in PEERS), "Vectorscan"]


@dataclass(frozen=True)
class Scale:
    """Sizes of what is made up. part: bytes of the tree, None for all of it.
    Times are seconds: limit for a run of a peer, budget for all its runs in a
    case, ours for a run of pfproc, peers_until since the start of it all.
    give_up: the first words of cases that grow: a peer that runs into its limit
    in one of them is not asked the next."""

    part: int
    hex_digits: int
    entries: int
    alike: int
    tokens: int
    script: int
    opens: int
    rounds: int
    limit: float
    budget: float
    ours: float
    peers_until: float = None
    give_up: tuple = ("bytes",)


FULL = Scale(
    part=None,
    hex_digits=5_000_000,
    entries=10_000_000,
    alike=1_000_000,
    tokens=200_000_000,
    script=100_000_000,
    opens=20,
    rounds=5,
    limit=120,
    budget=20,
    ours=900,
)
QUICK = Scale(
    part=64_000_000,
    hex_digits=100_000,
    entries=100_000,
    alike=50_000,
    tokens=10_000_000,
    script=5_000_000,
    opens=5,
    rounds=3,
    limit=10,
    budget=6,
    ours=60,
    peers_until=140,
    give_up=("bytes", "total"),
)


class Parser(argparse.ArgumentParser):
    def error(self, message):
        self.exit(64, f"bench: {message}\n")


def parse(top, argv):
    here = os.path.join(
        os.environ.get("TMPDIR") or tempfile.gettempdir(), "pfproc-bench"
    )
    parser = Parser(
        prog="scripts/bench",
        description="Measures pfproc against the cost of reading and against other programs.",
        epilog="Cases: " + " ".join(case.id for case in CASES) + ".",
    )
    add = parser.add_argument
    add(
        "--quick",
        action="store_true",
        help="a part of the files and fewer cases: three minutes",
    )
    add(
        "--cases",
        type=_names,
        metavar="GLOB,...",
        default=[],
        help="only these cases",
    )
    add(
        "--add",
        action="store_true",
        help="keep the results of other cases that a run like this one wrote",
    )
    add("--rounds", type=_positive, help="runs of each program")
    add(
        "--limit",
        type=float,
        metavar="SECONDS",
        help="a run of a peer is ended after these",
    )
    add(
        "--peers",
        type=_names,
        metavar="NAME,...",
        default=NAMES,
        help="only these, of: " + ", ".join(NAMES),
    )
    add(
        "--work",
        metavar="DIR",
        default=here,
        help=f"for what is kept between runs [{here}]",
    )
    add(
        "--tree",
        metavar="DIR",
        help="files to search, in place of the kernel's sources",
    )
    add("--words", metavar="FILE", default=DICTIONARY, help="the dictionary")
    add(
        "--wordnet",
        metavar="DIR",
        default=WORDNET,
        help="the folder of WordNet's data files",
    )
    add(
        "--build",
        metavar="DIR",
        help="use the programs built there, install nothing",
    )
    add(
        "--output",
        metavar="DIR",
        default=os.path.join(top, "bench/results"),
        help="for results",
    )
    add(
        "--fast-disk",
        metavar="DIR",
        help="for what programs print [/dev/shm, if it is there]",
    )
    add("--seed", type=int, default=1, help="for all that is random")
    add(
        "--part",
        type=int,
        metavar="BYTES",
        help="search only about so much of the tree",
    )
    args = parser.parse_args(argv)
    args.work = os.path.realpath(args.work)
    args.output = os.path.realpath(args.output)
    unknown = set(args.peers) - set(NAMES)
    if unknown:
        parser.error("no such program: " + ", ".join(sorted(unknown)))
    try:
        args.cases = chosen(args.cases, args.quick)
    except ValueError as error:
        parser.error(str(error))
    return args


def _names(text):
    return [name for name in text.split(",") if name]


def _positive(text):
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number

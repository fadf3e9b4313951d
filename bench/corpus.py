"""The files that are searched: a tree, parts of it, and all of it as one file."""

import os
import random
import shutil
import stat
import subprocess
import tarfile
from dataclasses import dataclass

from terms import made

TARBALL = "/usr/src/linux-source-6.1.tar.xz"
BLOCK = 1 << 20


@dataclass(frozen=True)
class Files:
    """names: a file with the files' names, relative to the tree, each ended by
    NUL. roots: what a program that walks by itself is given instead."""

    label: str
    names: str
    roots: tuple
    n: int
    size: int  # bytes


class Tree:
    def __init__(self, work, path, seed):
        self.work = os.path.join(work, "corpus")
        self.path = os.path.realpath(path)
        self.seed = seed
        os.makedirs(self.work, exist_ok=True)
        self._sizes = dict(_walk(self.path))

    def whole(self):
        return self._files("whole", None)

    def part(self, size):
        """Folders and files of the tree, at random, of about size bytes."""
        by_root = {}
        for name, length in self._sizes.items():
            root = "/".join(name.split("/")[:2])
            by_root[root] = by_root.get(root, 0) + length
        roots = sorted(by_root)
        random.Random(f"{self.seed} part").shuffle(roots)
        chosen, total = [], 0
        for root in roots:
            if total >= size:
                break
            # One that is much too large would make all parts alike.
            if total + by_root[root] <= size * 1.25 or not chosen:
                chosen.append(root)
                total += by_root[root]
        return self._files(f"part-{size}", chosen)

    def few(self, n):
        """N files from all over the tree, or all where it has fewer."""
        names = sorted(self._sizes)
        step = max(1, len(names) // n)
        return self._listed(f"few-{n}", names[::step][:n], (".",))

    def packed(self, files, n):
        """Files in N compressed archives, dealt in turn."""
        listed = self._names_of(files)
        paths = []
        for i in range(n):
            path = self._path(f"{files.label}-{i}-of-{n}.tar.gz")
            names = listed[i::n]
            made(path, lambda out, names=names: self._pack(names, out))
            paths.append(path)
        names = self._path(f"{files.label}-of-{n}.names")
        with open(names, "wb") as out:
            out.writelines(os.fsencode(path) + b"\0" for path in paths)
        size = sum(os.path.getsize(path) for path in paths)
        return Files(f"{files.label}-packed", names, tuple(paths), n, size)

    def one_file(self, files):
        """All files in one, each ended by a line break."""
        path = self._path(files.label + ".txt")
        return self.other(
            made(path, lambda file: self._concatenate(files, file))
        )

    def other(self, path):
        """A file that need not be in the tree, by its absolute path."""
        label = os.path.basename(path)
        names = os.path.join(self.work, label + ".names")
        # Always anew: another file may have had that name.
        with open(names, "wb") as file:
            file.write(os.fsencode(path) + b"\0")
        return Files(label, names, (path,), 1, os.path.getsize(path))

    def _files(self, label, roots):
        names = sorted(self._sizes if roots is None else self._below(roots))
        return self._listed(label, names, tuple(roots or (".",)))

    def _listed(self, label, names, roots):
        size = sum(self._sizes[name] for name in names)
        path = self._path(label + ".names")
        made(
            path,
            lambda file: file.writelines(os.fsencode(n) + b"\0" for n in names),
        )
        return Files(label, path, roots, len(names), size)

    def _below(self, roots):
        chosen = set(roots)
        return [n for n in self._sizes if "/".join(n.split("/")[:2]) in chosen]

    def _path(self, name):
        total = sum(self._sizes.values())
        tree = f"{os.path.basename(self.path)}-{len(self._sizes)}-{total}-{self.seed}"
        return os.path.join(self.work, f"{tree}-{name}")

    def _names_of(self, files):
        with open(files.names, "rb") as names:
            return names.read().split(b"\0")[:-1]

    def _pack(self, names, out):
        with tarfile.open(
            fileobj=out, mode="w:gz", compresslevel=1
        ) as archive:
            for name in map(os.fsdecode, names):
                archive.add(os.path.join(self.path, name), name)

    def _concatenate(self, files, out):
        for name in self._names_of(files):
            last = b"\n"
            with open(os.path.join(os.fsencode(self.path), name), "rb") as file:
                while block := file.read(BLOCK):
                    out.write(block)
                    last = block[-1:]
            if last != b"\n":
                out.write(b"\n")


def _walk(top):
    """(name, bytes) of each regular file below top."""
    pending = [""]
    while pending:
        folder = pending.pop()
        with os.scandir(os.path.join(top, folder) or ".") as entries:
            for entry in entries:
                name = os.path.join(folder, entry.name)
                mode = entry.stat(follow_symlinks=False)
                if stat.S_ISDIR(mode.st_mode):
                    pending.append(name)
                elif stat.S_ISREG(mode.st_mode):
                    yield name, mode.st_size


def unpack(work, say):
    """The kernel's sources, unpacked once. Returns the tree's path."""
    path = os.path.join(work, "linux-source-6.1")
    if not os.path.isdir(path):
        say(f"unpacking {os.path.basename(TARBALL)}")
        new = path + ".new"
        shutil.rmtree(new, ignore_errors=True)
        os.makedirs(new)
        subprocess.run(
            ["tar", "-xf", TARBALL, "-C", new, "--strip-components=1"],
            check=True,
        )
        os.rename(new, path)
    return path

"""The machine and the versions of everything, for the record."""

import os
import platform
import subprocess

PROGRAMS = {
    "ripgrep": ("rg", "--version"),
    "ugrep": ("ugrep", "--version"),
    "GNU grep": ("grep", "--version"),
    "codespell": ("codespell", "--version"),  # a bare number
    "gnuplot": ("gnuplot", "--version"),
    "xargs": ("xargs", "--version"),
}


def describe(ours):
    versions = {name: _first_line(argv) for name, argv in PROGRAMS.items()}
    versions["pfproc"] = _first_line((ours.pfproc, "--version"))
    versions["Vectorscan"] = _first_line(
        ("pkg-config", "--modversion", "libhs")
    )
    versions["Python"] = platform.python_version()
    return {
        "cpu": _field("/proc/cpuinfo", "model name"),
        "instruction_sets": _instruction_sets(),
        "cores": len(os.sched_getaffinity(0)),
        "ram_bytes": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        "kernel": f"{platform.system()} {platform.release()}",
        "libc": " ".join(platform.libc_ver()),
        "system": _field("/etc/os-release", "PRETTY_NAME", "=").strip('"'),
        "versions": versions,
    }


def _instruction_sets():
    wanted = ("sse4_2", "avx2", "avx512f", "avx512bw", "avx512_vbmi2", "asimd")
    flags = _field("/proc/cpuinfo", "flags") or _field(
        "/proc/cpuinfo", "Features"
    )
    return [flag for flag in wanted if flag in flags.split()]


def _field(path, name, separator=":"):
    try:
        with open(path, encoding="utf-8") as file:
            for line in file:
                key, _, value = line.partition(separator)
                if key.strip() == name:
                    return value.strip()
    except OSError:
        pass
    return ""


def _first_line(argv):
    try:
        done = subprocess.run(
            argv, capture_output=True, text=True, check=False, timeout=10
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    lines = (done.stdout or done.stderr).strip().splitlines()
    return lines[0] if done.returncode == 0 and lines else None

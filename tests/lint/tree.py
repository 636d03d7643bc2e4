"""The files that the checks look at, and how a check reports. Knows no rule."""
import pathlib
import subprocess
import sys

TOP = pathlib.Path(__file__).resolve().parents[2]


def tracked():
    """Paths relative to the top of everything that git tracks or would track; of every file where there is no git."""
    command = ["git", "-C", str(TOP), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, capture_output=True, check=False)
    if listed.returncode == 0:
        names = [name for name in listed.stdout.decode().split("\0") if name]
    else:
        names = [str(p.relative_to(TOP)) for p in TOP.rglob("*") if p.is_file()]
        names = [n for n in names if not n.startswith(("build", ".git/")) and "node_modules/" not in n]
    return sorted(name for name in names if (TOP / name).is_file())


def find(*suffixes, under=""):
    return [name for name in tracked() if name.startswith(under) and name.endswith(suffixes)]


def read(name):
    return (TOP / name).read_text(encoding="utf-8")


def report(problems, checked):
    """Prints the problems and leaves with 1 if there are any; a check that looked at nothing has failed as well."""
    for problem in problems:
        print(problem)
    if not checked:
        print("nothing was checked")
    print(f"{len(problems)} problems in {checked} files")
    sys.exit(1 if problems or not checked else 0)

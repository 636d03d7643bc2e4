"""Runs a file's tests one after another and says in TAP how each went."""
import contextlib
import sys
import traceback


class Skip(Exception):
    """What a test raises where this machine cannot run it; its text says why."""


def run_tests(tests, fixture):
    """Ends the process: 0 when all passed. `fixture()`: a context that is entered for each test and gives it its argument."""
    failed = 0
    print(f"1..{len(tests)}")
    for number, test in enumerate(tests, 1):
        try:
            with fixture() as argument:
                test(argument)
            print(f"ok {number} - {test.__name__}", flush=True)
        except Skip as reason:
            print(f"ok {number} - {test.__name__} # SKIP {reason}", flush=True)
        except Exception:
            failed += 1
            print(f"not ok {number} - {test.__name__}", flush=True)
            print("".join(f"# {line}\n" for line in traceback.format_exc().splitlines()), end="")
    sys.exit(failed > 0)


def run_tests_with(tests, shared):
    """As run_tests(), with one `shared` context for all of them."""
    with shared as argument:
        run_tests(tests, lambda: contextlib.nullcontext(argument))

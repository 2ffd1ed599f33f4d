"""``python -m tests.conformance``: run the suites, write docs/conformance.md, and tell what has changed."""

from __future__ import annotations

import sys

from chaingraph.export.files import write_text
from tests.conformance.manifest import suites_folder
from tests.conformance.report import PAGE, page
from tests.conformance.suites import changes, outcomes, shortfalls


def main() -> int:
    """Return 0, or 1 where a test goes otherwise than expected.csv says, or 2 where the suites are absent."""
    if not suites_folder().is_dir():
        print(f"{suites_folder()}: does not exist; name the W3C's suites with CHAINGRAPH_W3C", file=sys.stderr)  # noqa: T201
        return 2
    results, expected = outcomes(), shortfalls()
    write_text(PAGE, page(results, expected))
    states = [state for _, state, _ in results]
    summary = ", ".join(f"{states.count(state)} {state}" for state in ("passed", "failed", "refused"))
    print(f"{len(results)} tests: {summary}")  # noqa: T201
    changed = changes(results, expected)
    print("".join(f"{line}\n" for line in changed), end="", file=sys.stderr)  # noqa: T201
    return int(bool(changed))


if __name__ == "__main__":
    sys.exit(main())

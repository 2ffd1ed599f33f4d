"""Write what is made of code and data into the files that are kept in git; the rest is made when the site is built."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import generated

from chaingraph.export.files import write_text


def main() -> None:
    """Write each file that should hold something else than it does, and print its name."""
    for path, text in generated.files().items():
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            write_text(path, text)
            sys.stdout.write(f"{path.relative_to(generated.ROOT)}\n")


if __name__ == "__main__":
    main()

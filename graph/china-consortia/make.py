"""Write the data set china-consortia: innovation consortia and like bodies outside Jiangsu."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "curation"))
from writing import make

if __name__ == "__main__":
    sys.exit(make("china-consortia"))

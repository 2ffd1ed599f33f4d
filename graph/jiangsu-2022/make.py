"""Write the data set jiangsu-2022: the pilot of 2022 and all that the facts state of Jiangsu."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "curation"))
from writing import make

if __name__ == "__main__":
    sys.exit(make("jiangsu-2022"))

"""Make a zip with which an office without internet installs chaingraph: wheels of everything, and a script.

    python docs/offline.py --platform windows --python 3.12 -o dist

The zip has the wheel of chaingraph, the wheels of the pinned versions of all that it needs on that platform,
install.bat or install.sh, and a note in Chinese and English. The script makes an environment beside it and installs
from the wheels alone; nothing is fetched.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
EXTRAS = "brief,identity,plot,read,serve"
"""What an office uses; spatial statistics, notebooks and assistants are installed where there is a network."""
PLATFORMS = {
    "windows": ["win_amd64"],
    "macos": [f"macosx_{version}_0_arm64" for version in range(11, 16)],
    "linux": ["manylinux2014_x86_64", *(f"manylinux_2_{minor}_x86_64" for minor in (17, 24, 26, 27, 28))],
}
"""By platform the tags of the wheels that run there."""
BAT = """@echo off
chcp 65001 >nul
cd /d "%~dp0"
py -{python} -m venv chaingraph-env || (echo 请先安装 / install first: Python {python} & pause & exit /b 2)
set PIP=chaingraph-env\\Scripts\\python -m pip
%PIP% install --no-index --find-links wheels "chaingraph[{extras}]" || (pause & exit /b 2)
echo.
echo 安装完成 / installed:  "%CD%\\chaingraph-env\\Scripts\\chaingraph"
"chaingraph-env\\Scripts\\chaingraph" doctor
pause
"""
SH = """#!/bin/sh
set -eu
cd "$(dirname "$0")"
command -v python{python} >/dev/null || {{ echo "请先安装 / install first: Python {python}" >&2; exit 2; }}
python{python} -m venv chaingraph-env
chaingraph-env/bin/python -m pip install --no-index --find-links wheels "chaingraph[{extras}]"
echo "安装完成 / installed: $PWD/chaingraph-env/bin/chaingraph"
chaingraph-env/bin/chaingraph doctor
"""
NOTE = """chaingraph {version}，离线安装 ({platform}, Python {python})

1. 把压缩包解压到任意文件夹（路径可含空格和中文）。
2. 运行 {script}。它在此文件夹中新建 chaingraph-env，只用 wheels 中的文件安装，不访问网络。
3. 把您的名单变成网页：{command} page 名单.xlsx -o 名单.html

1. Unpack the archive into any folder.
2. Run {script}. It makes chaingraph-env in this folder and installs from the files in wheels alone, without a network.
3. Turn your roster into a page: {command} page roster.xlsx -o roster.html
"""


def wheels(folder: Path, platform: str, python: str) -> None:
    """Put the wheel of chaingraph and the pinned wheels of what it needs on a platform into a folder."""
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    subprocess.run([*pip, "wheel", "--no-deps", "--wheel-dir", folder, ROOT], check=True)
    wheel = next(folder.glob("chaingraph-*.whl"))
    tags = [part for tag in PLATFORMS[platform] for part in ("--platform", tag)]
    subprocess.run(
        [
            *(*pip, "download", "--only-binary", ":all:", "--python-version", python, "--implementation", "cp"),
            *("--constraint", ROOT / "constraints.txt", "--dest", folder, *tags, f"{wheel}[{EXTRAS}]"),
        ],
        check=True,
    )


def write(target: Path, platform: str, python: str) -> None:
    """Write the zip for a platform and a version of Python."""
    script = "install.bat" if platform == "windows" else "install.sh"
    command = "chaingraph-env\\Scripts\\chaingraph" if platform == "windows" else "chaingraph-env/bin/chaingraph"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        wheels(folder, platform, python)
        version = next(folder.glob("chaingraph-*.whl")).name.split("-")[1]
        note = NOTE.format(version=version, platform=platform, python=python, script=script, command=command)
        text = (BAT if platform == "windows" else SH).format(python=python, extras=EXTRAS)
        with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
            top = target.stem
            for path in sorted(folder.iterdir()):
                archive.write(path, f"{top}/wheels/{path.name}")
            information = zipfile.ZipInfo(f"{top}/{script}")
            information.external_attr = 0o755 << 16
            archive.writestr(information, text.replace("\n", "\r\n") if platform == "windows" else text)
            archive.writestr(f"{top}/README.txt", "\ufeff" + note.replace("\n", "\r\n"))


def main() -> None:
    """Write the zips that are asked for, by default of this version of Python and for all platforms."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--platform", choices=PLATFORMS, action="append", help="several may stand; all if not given")
    parser.add_argument("--python", default="{}.{}".format(*sys.version_info[:2]), help="the version of Python there")
    parser.add_argument("-o", "--output", type=Path, default=ROOT / "dist", help="the folder to write")
    arguments = parser.parse_args()
    arguments.output.mkdir(parents=True, exist_ok=True)
    for platform in arguments.platform or PLATFORMS:
        target = arguments.output / f"chaingraph-offline-{platform}-py{arguments.python}.zip"
        write(target, platform, arguments.python)
        sys.stdout.write(f"{target} ({target.stat().st_size / 2**20:,.0f} MB)\n")


if __name__ == "__main__":
    main()

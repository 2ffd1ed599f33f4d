"""Make a zip with which an office without internet installs chaingraph: wheels of everything, and a script.

    python docs/offline.py --platform windows --python 3.12 -o dist

The zip has the wheel of chaingraph, the wheels of the pinned versions of all that it needs on that platform,
install.bat or install.sh, and a note in Chinese and English. The script makes an environment beside it and installs
from the wheels alone; nothing is fetched.
"""

from __future__ import annotations

import argparse
import email
import re
import runpy
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
EXTRAS = "brief,identity,plot,read,serve"
"""What an office uses; spatial statistics, notebooks and assistants are installed where there is a network."""
PLATFORMS = {
    "windows": ["win_amd64"],
    "macos": ["macosx_26_0_arm64"],
    "linux": ["manylinux2014_x86_64", *(f"manylinux_2_{minor}_x86_64" for minor in (17, 24, 26, 27, 28))],
}
"""By platform the tags of the wheels that run there; pip takes those of older versions of macOS as well."""
ENVIRONMENTS = {
    "windows": {"os_name": "nt", "sys_platform": "win32", "platform_system": "Windows", "platform_machine": "AMD64"},
    "macos": {"os_name": "posix", "sys_platform": "darwin", "platform_system": "Darwin", "platform_machine": "arm64"},
    "linux": {"os_name": "posix", "sys_platform": "linux", "platform_system": "Linux", "platform_machine": "x86_64"},
}
"""By platform what the markers of requirements ask of it."""
BAT = """@echo off
chcp 65001 >nul
cd /d "%~dp0"
py -{python} -m venv chaingraph-env || (type install-python.txt & pause & exit /b 2)
set PYTHON=chaingraph-env\\Scripts\\python
%PYTHON% -m pip install --no-index --find-links wheels "chaingraph[{extras}]" || (pause & exit /b 2)
echo.
echo OK: "%CD%\\chaingraph-env\\Scripts\\chaingraph"
"chaingraph-env\\Scripts\\chaingraph" doctor
pause
"""
"""Windows reads it in the code page of the system, such as GBK: so it is ASCII alone."""
NO_PYTHON = "请先安装 / install first: Python {python}\n"
SH = """#!/bin/sh
set -eu
cd "$(dirname "$0")"
command -v python{python} >/dev/null || {{ cat install-python.txt >&2; exit 2; }}
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


def pins() -> dict[str, tuple[str, list[str]]]:
    """Return by package its pinned version and the hashes of its files."""
    return runpy.run_path(str(ROOT / "docs" / "bill_of_materials.py"))["pins"](
        (ROOT / "requirements.lock").read_text(encoding="utf-8")
    )


def requirements(wheel: Path) -> list[Requirement]:
    """Return what a wheel says that it needs."""
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if re.fullmatch(r"[^/]+\.dist-info/METADATA", name))
        entries = email.message_from_bytes(archive.read(name)).get_all("Requires-Dist") or []
    return [Requirement(entry) for entry in entries]


def needs(folder: Path, platform: str, python: str) -> tuple[set[str], set[str]]:
    """Return what chaingraph needs on a platform, as far as the wheels in a folder tell, and which wheels lack there.

    pip asks the markers of requirements of the machine on which it downloads: colorama, which Windows alone needs, it
    would leave out.

    Raises:
        SystemExit: A wheel needs another version than the pinned one.
    """
    files = {canonicalize_name(path.name.split("-")[0]): path for path in folder.glob("*.whl")}
    environment = ENVIRONMENTS[platform] | {"python_version": python, "python_full_version": f"{python}.0"}
    versions = pins()
    done: set[tuple[str, str]] = set()
    waiting = [("chaingraph", extra) for extra in ("", *EXTRAS.split(","))]
    while waiting:
        package, extra = waiting.pop()
        if (package, extra) in done:
            continue
        done.add((package, extra))
        for need in requirements(files[package]) if package in files else ():
            if need.marker is not None and not need.marker.evaluate(environment | {"extra": extra}):
                continue
            name = canonicalize_name(need.name)
            if name not in versions or not need.specifier.contains(versions[name][0], prereleases=True):
                sys.exit(f"{package} needs {need}, which is not pinned so: python -m pip freeze, make lock")
            waiting += [(name, one) for one in ("", *need.extras)]
    packages = {package for package, _ in done}
    return packages, packages - set(files)


def wheels(folder: Path, platform: str, python: str) -> None:
    """Put the wheel of chaingraph and the pinned wheels of what it needs on a platform into a folder."""
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    subprocess.run([*pip, "wheel", "--no-deps", "--wheel-dir", folder, ROOT], check=True)
    tags = [part for tag in PLATFORMS[platform] for part in ("--platform", tag)]
    versions = pins()
    while lacking := needs(folder, platform, python)[1]:
        listed = folder / "requirements.txt"
        lines = [
            f"{name}=={versions[name][0]} {' '.join(f'--hash=sha256:{one}' for one in versions[name][1])}\n"
            for name in sorted(lacking)
        ]
        listed.write_text("".join(lines), encoding="utf-8")
        subprocess.run(
            [
                *(*pip, "download", "--no-deps", "--only-binary", ":all:", "--require-hashes"),
                *("--python-version", python, "--implementation", "cp", *tags),
                *("--dest", folder, "--requirement", listed),
            ],
            check=True,
        )
        listed.unlink()


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
            archive.writestr(f"{top}/install-python.txt", NO_PYTHON.format(python=python).replace("\n", "\r\n"))
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

"""What Windows lacks or does otherwise is used behind a question for the platform, and texts name their encoding."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[1] / "src" / "chaingraph"
MODULES = {
    "crypt",
    "fcntl",
    "grp",
    "nis",
    "posix",
    "pty",
    "pwd",
    "readline",
    "resource",
    "spwd",
    "syslog",
    "termios",
    "tty",
}
ATTRIBUTES = {
    "os": {
        *("chown", "chroot", "fork", "forkpty", "getegid", "geteuid", "getgid", "getloadavg", "getpgid", "getuid"),
        *("killpg", "lchown", "mkfifo", "mknod", "nice", "openpty", "pipe2", "posix_spawn", "sched_getaffinity"),
        *("setpgid", "setsid", "setuid", "statvfs", "symlink", "sync", "sysconf", "ttyname", "uname", "wait", "wait3"),
        *("wait4", "O_CLOEXEC", "O_DIRECTORY", "O_NOFOLLOW", "O_NONBLOCK"),
    },
    "signal": {
        *("SIGALRM", "SIGCHLD", "SIGHUP", "SIGKILL", "SIGPIPE", "SIGQUIT", "SIGSTOP", "SIGUSR1", "SIGUSR2", "SIGXCPU"),
        *("SIGXFSZ", "alarm", "pause", "setitimer", "sigwait", "pthread_sigmask", "set_wakeup_fd"),
    },
    "select": {"epoll", "kqueue", "poll", "select"},
    "time": {"tzset"},
    "socket": {"AF_UNIX", "SO_REUSEADDR"},
}
METHODS = {"add_signal_handler", "add_reader", "add_writer", "symlink_to", "hardlink_to", "is_mount", "lchmod"}
TEXT_METHODS = {"read_text": 0, "write_text": 1}
"""Methods of paths, and the place at which the encoding stands if it has no name."""
PROGRAMS = {"Popen", "call", "check_call", "check_output", "run"}
FOLDERS = ("/dev/", "/proc/", "/etc/", "/tmp/", "/usr/", "/var/")


def platform_test(test: ast.expr) -> str | None:
    """Return whether a condition holds on Windows ("windows"), on others ("others"), or says nothing of it."""
    if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And):
        return next(filter(None, map(platform_test, test.values)), None)
    if not (isinstance(test, ast.Compare) and ast.unparse(test.left) == "sys.platform" and len(test.ops) == 1):
        return None
    value = ast.literal_eval(test.comparators[0])
    if isinstance(test.ops[0], ast.Eq):
        return "windows" if value == "win32" else "others"
    return "others" if value == "win32" else None


def ends(body: list[ast.stmt]) -> bool:
    return bool(body) and isinstance(body[-1], ast.Return | ast.Raise | ast.Continue)


class Finder(ast.NodeVisitor):
    """Collects what Windows lacks and no question for the platform stands before."""

    def __init__(self) -> None:
        self.found: list[tuple[int, str]] = []
        self.others = False

    def block(self, body: list[ast.stmt], *, others: bool) -> None:
        before, self.others = self.others, self.others or others
        for statement in body:
            self.visit(statement)
            if isinstance(statement, ast.If) and platform_test(statement.test) == "windows" and ends(statement.body):
                self.others = True
        self.others = before

    def add(self, node: ast.AST, what: str) -> None:
        if not self.others:
            self.found.append((getattr(node, "lineno", 0), what))

    def visit_Module(self, node: ast.Module) -> None:
        self.block(node.body, others=False)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        for part in (*node.decorator_list, node.args):
            self.visit(part)
        self.block(node.body, others=False)

    def visit_If(self, node: ast.If) -> None:
        self.visit(node.test)
        answer = platform_test(node.test)
        self.block(node.body, others=answer == "others")
        self.block(node.orelse, others=answer == "windows")

    def visit_IfExp(self, node: ast.IfExp) -> None:
        answer = platform_test(node.test)
        self.visit(node.test)
        for part, others in ((node.body, answer == "others"), (node.orelse, answer == "windows")):
            before, self.others = self.others, self.others or others
            self.visit(part)
            self.others = before

    def visit_BoolOp(self, node: ast.BoolOp) -> None:
        before = self.others
        for value in node.values:
            self.visit(value)
            answer = platform_test(value)
            self.others |= answer == ("others" if isinstance(node.op, ast.And) else "windows")
        self.others = before

    def visit_Import(self, node: ast.Import) -> None:
        for name in node.names:
            if name.name.partition(".")[0] in MODULES:
                self.add(node, f"import {name.name}")

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        names = {name.name for name in node.names} & ATTRIBUTES.get(node.module or "", set())
        for name in names | ({node.module or ""} & MODULES):
            self.add(node, f"from {node.module} import {name}")

    def visit_Attribute(self, node: ast.Attribute) -> None:
        owner = ast.unparse(node.value)
        if node.attr in ATTRIBUTES.get(owner, set()):
            self.add(node, f"{owner}.{node.attr}")
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        keywords = {keyword.arg: keyword.value for keyword in node.keywords}
        if name in METHODS:
            self.add(node, name)
        is_formatter = isinstance(node.func, ast.Attribute) and ast.unparse(node.func.value) == "formatter"
        if (
            name in TEXT_METHODS
            and not is_formatter
            and "encoding" not in keywords
            and len(node.args) <= TEXT_METHODS[name]
        ):
            self.add(node, f"{name} without an encoding")
        if name == "open" and "encoding" not in keywords and self.is_text(node, keywords):
            self.add(node, "open without an encoding")
        texts = name in PROGRAMS and {"text", "universal_newlines"} & set(keywords) and "encoding" not in keywords
        if "preexec_fn" in keywords or texts:
            self.add(node, f"{name} with preexec_fn, or with texts and no encoding")
        self.generic_visit(node)

    @staticmethod
    def is_text(node: ast.Call, keywords: dict[str | None, ast.expr]) -> bool:
        """Tell whether a call opens a file as text: by the name open, or as a method with a mode or nothing."""
        is_method = isinstance(node.func, ast.Attribute)
        if is_method and ast.unparse(node.func).partition(".")[0] in {
            "zipfile",
            "archive",
            "os",
            "cg",
            "KnowledgeGraph",
        }:
            return False
        place = 0 if is_method else 1
        mode = keywords.get("mode") or (node.args[place] if len(node.args) > place else None)
        if mode is None:
            return not is_method
        return isinstance(mode, ast.Constant) and str(mode.value) in {"r", "w", "a", "x", "rt", "wt", "r+", "w+"}

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str) and node.value.startswith(FOLDERS):
            self.add(node, f"the folder {node.value}")


def findings(text: str) -> list[tuple[int, str]]:
    finder = Finder()
    finder.visit(ast.parse(text))
    return finder.found


@pytest.mark.parametrize("path", sorted(SOURCE.rglob("*.py")), ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_what_windows_lacks_stands_behind_a_question_for_the_platform(path: Path) -> None:
    assert findings(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("import fcntl", ["import fcntl"]),
        ("import sys\nif sys.platform != 'win32':\n    import fcntl", []),
        ("import sys\nif sys.platform == 'win32':\n    import fcntl", ["import fcntl"]),
        ("if sys.platform == 'win32':\n    import msvcrt\nelse:\n    import fcntl", []),
        ("def f():\n    if sys.platform == 'win32':\n        return 0\n    return os.getuid()", []),
        ("def f():\n    if sys.platform == 'win32':\n        pass\n    return os.getuid()", ["os.getuid"]),
        ("x = sys.platform == 'win32' or os.getuid() == 1", []),
        ("x = sys.platform != 'win32' and status == signal.SIGXCPU", []),
        ("x = sys.platform != 'win32' or os.getuid()", ["os.getuid"]),
        ("import socket\nsock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)", ["socket.SO_REUSEADDR"]),
        ("os.kill(pid, signal.SIGKILL)", ["signal.SIGKILL"]),
        ("from os import fork", ["from os import fork"]),
        ("loop.add_signal_handler(2, f)", ["add_signal_handler"]),
        ("Path('a').symlink_to('b')", ["symlink_to"]),
        ("p.read_text(); p.read_text(encoding='utf-8'); p.read_text('utf-8')", ["read_text without an encoding"]),
        ("p.write_text('a')", ["write_text without an encoding"]),
        ("open('a'); open('a', 'rb'); p.open('w'); p.open('wb')", ["open without an encoding"] * 2),
        ("subprocess.run(['a'], text=True)", ["run with preexec_fn, or with texts and no encoding"]),
        ("x = '/dev/null'", ["the folder /dev/null"]),
    ],
)
def test_the_search_finds_each_kind_of_use(text: str, found: list[str]) -> None:
    assert [what for _, what in findings(text)] == found

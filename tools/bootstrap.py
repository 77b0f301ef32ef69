"""From a bare Python to a working .venv: `python3 tools/bootstrap.py [--dev]`. Standard library only; also says so on an old Python.

Everything downloaded is pinned and hashed. A stamp of the lock files makes the second call instant; a broken-off call is repeated.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import threading
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV, TOOLS = ROOT / ".venv", ROOT / ".tools"
STAMP = VENV / "anju-stamp.json"
OLDEST = (3, 11)
OFFLINE = (
    "NewConnectionError",
    "name resolution",
    "ENOTFOUND",
    "EAI_AGAIN",
    "ETIMEDOUT",
    "ECONNREFUSED",
    "No route to host",
    "Network is unreachable",
    "ConnectTimeout",
    "ProxyError",
    "ENETUNREACH",
)
FULL = ("No space left on device", "ENOSPC")


def main() -> None:
    _require_python()
    dev = "--dev" in sys.argv[1:]
    try:
        _environment(dev)
        _compiled()
        _frontend(dev)
    except KeyboardInterrupt:
        sys.exit("\nanju: interrupted; the next call goes on from here · 已中断")
    except OSError as error:
        sys.exit(f"anju: {error.strerror or error}: {error.filename or ROOT} · 无法写入")


def _require_python() -> None:
    if sys.version_info >= OLDEST:
        return
    for name in ("python3.14", "python3.13", "python3.12", "python3.11"):
        found = shutil.which(name)
        if found:
            os.execv(found, [found, *sys.argv])
    sys.exit(
        f"anju: Python {OLDEST[0]}.{OLDEST[1]} or newer is needed, this is {sys.version.split()[0]} · 需要 Python 3.11 或更新版本"
    )


def _environment(dev: bool) -> None:
    lock = "requirements-dev.txt" if dev else "requirements.txt"
    wanted = {
        lock: _digest(ROOT / lock),
        "pyproject.toml": _digest(ROOT / "pyproject.toml"),
    }
    done = _read_stamp()
    if (
        _works(VENV)
        and all(done.get(name) == value for name, value in wanted.items())
        and (VENV / "bin" / "anju").exists()
    ):
        return
    pip = _make_venv(VENV)
    if done.get(lock) != wanted[lock] or not STAMP.exists():
        STAMP.unlink(missing_ok=True)
        _install(pip, ["--require-hashes", "-r", str(ROOT / lock)], _size(ROOT / lock))
    _install(pip, ["--no-deps", "--no-build-isolation", "--editable", str(ROOT)], 1)
    if dev:  # the longer lock contains the shorter
        wanted["requirements.txt"] = _digest(ROOT / "requirements.txt")
    STAMP.write_text(json.dumps(wanted), "utf-8")


def _compiled() -> None:
    """Each command is a process of its own: where Python may not keep what it compiled, all of them would compile the whole house."""
    _quiet([str(VENV / "bin" / "python"), "-m", "compileall", "-q", str(ROOT / "src"), str(ROOT / "tools")])


def _frontend(dev: bool) -> None:
    """htmx, Alpine, Tabler and the PDF font, copied from npm packages into git-ignored folders; axe, for developers, stays there."""
    wanted = _digest(ROOT / "package-lock.json") + _digest(ROOT / "tools" / "frontend.py")
    stamp = ROOT / "src" / "anju" / "web" / "static" / "vendor" / "stamp"
    done = stamp.read_text("ascii").split() if stamp.is_file() else []
    if wanted in done and ("dev" in done or not dev):  # who has the longer list has the shorter
        return
    _say("front-end files and the PDF font · 下载前端文件和字体 ...")
    env = _with_node()
    kinds = [] if dev else ["--omit=dev"]
    _run(["npm", "ci", "--no-progress", "--loglevel", "error", "--ignore-scripts", *kinds], env)
    _run([str(VENV / "bin" / "python"), str(ROOT / "tools" / "frontend.py")], env)
    stamp.write_text(f"{wanted} dev" if dev else wanted, "ascii")


def _with_node() -> "dict[str, str]":
    if shutil.which("npm") and shutil.which("node"):
        return dict(os.environ)
    if not (TOOLS / "bin" / "npm").exists():
        _say("Node.js for this machine, in .tools · 下载 Node.js ...")
        lock = ROOT / "requirements-node.txt"
        _install(_make_venv(TOOLS), ["--require-hashes", "-r", str(lock)], _size(lock))
    return {
        **os.environ,
        "PATH": f"{TOOLS / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}",
    }


def _make_venv(folder: Path) -> "list[str]":
    """Return the pip command that installs into `folder`, making it where needed."""
    if not _works(folder):
        _say(f"Python environment in {folder.name} · 建立 Python 环境 ...")
        shutil.rmtree(folder, ignore_errors=True)
        if _quiet([sys.executable, "-m", "venv", str(folder)]):
            return [str(folder / "bin" / "python"), "-m", "pip"]
        shutil.rmtree(folder, ignore_errors=True)
        _quiet([sys.executable, "-m", "venv", "--without-pip", str(folder)])
    python = str(folder / "bin" / "python")
    for pip in (
        [python, "-m", "pip"],
        [sys.executable, "-m", "pip", "--python", python],
    ):
        if _quiet([*pip, "--version"]):
            return pip
    shutil.rmtree(folder, ignore_errors=True)
    sys.exit(
        "anju: this Python cannot make environments; on Debian or Ubuntu run: apt-get install python3-venv · 缺少 python3-venv"
    )


def _works(folder: Path) -> bool:
    return _quiet(
        [
            str(folder / "bin" / "python"),
            "-c",
            "import sys; sys.exit(sys.version_info < (3, 11))",
        ]
    )


def _quiet(command: "list[str]") -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _install(pip: "list[str]", what: "list[str]", size: int) -> None:
    _say(f"{size} packages, pinned and hashed · 安装依赖 ..." if size > 1 else "this project · 安装本项目 ...")
    command = [
        *pip,
        "install",
        "--no-input",
        "--disable-pip-version-check",
        "--retries",
        "2",
        *what,
    ]
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
    )
    complaints: list[str] = []
    reader = threading.Thread(target=lambda: complaints.extend(process.stderr or []), daemon=True)
    reader.start()
    _show_progress(process, size)
    reader.join()
    if process.wait() != 0:
        _give_up("".join(complaints), "packages could not be installed · 依赖安装失败")


def _show_progress(process: "subprocess.Popen[str]", size: int) -> None:
    live, count = sys.stdout.isatty(), 0
    for line in process.stdout or []:
        found = re.match(r"Collecting ([\w.-]+)", line)
        if not found:
            continue
        count += 1
        text = f"      {count}/{size} {found[1]}"
        if live:
            print(f"\r{text:<60}", end="", flush=True)
        elif count % 10 == 0:
            print(text, flush=True)
    if live and count:
        print()


def _run(command: "list[str]", env: "dict[str, str]") -> None:
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode != 0:
        _give_up(done.stderr + done.stdout, f"{command[0]} failed · 执行失败")


def _give_up(output: str, otherwise: str) -> None:
    if any(mark in output for mark in FULL):
        sys.exit(f"anju: the disk holding {ROOT} is full · 磁盘已满")
    if any(mark in output for mark in OFFLINE):
        sys.exit(
            "anju: no network: the first start downloads its packages; connect and run the same command again · 首次启动需要联网"
        )
    lines = (
        [line.strip() for line in output.splitlines() if "error" in line.lower()] or output.strip().splitlines() or [""]
    )
    sys.exit(f"anju: {otherwise}: {lines[0]}")


def _read_stamp() -> "dict[str, str]":
    try:
        return dict(json.loads(STAMP.read_text("utf-8")))
    except (OSError, ValueError):
        return {}


def _size(lock: Path) -> int:
    return len(re.findall(r"(?m)^[a-z0-9][\w.-]*==", lock.read_text("utf-8")))


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _say(line: str) -> None:
    print(f"anju: {line}", flush=True)


if __name__ == "__main__":
    main()

"""What the user sees: messages, the progress of long steps, and clear failures."""

import subprocess
import sys
import threading
import time
from pathlib import Path


class Failure(Exception):
    """Something that the user can mend: what is wrong, and the mend."""

    def __init__(self, problem: str, mend: str = ""):
        super().__init__(problem)
        self.problem = problem
        self.mend = mend


class Terminated(KeyboardInterrupt):
    """Asked to end by a signal that, unlike Ctrl-C, only the launcher got."""


def say(text: str = "") -> None:
    print(text, flush=True)


class Progress:
    """Shows that a long step is alive and how far it is.

    On a terminal one line is rewritten every second; elsewhere (a log) a line is
    added every 15 seconds.
    """

    def __init__(self, title: str):
        self.title = title
        self.detail = ""
        self.started = time.monotonic()
        self.terminal = sys.stdout.isatty()
        self.done = threading.Event()
        self.thread = threading.Thread(target=self._tick, daemon=True)

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.started

    def _tick(self):
        while not self.done.wait(1 if self.terminal else 15):
            text = f"{self.title} … {self.seconds:.0f} s  {self.detail}"
            if self.terminal:
                print(f"\r\033[K{text[:110]}", end="", flush=True)
            else:
                say(f"  {text[:150]}")

    def __enter__(self):
        if self.terminal:
            print(f"{self.title} …", end="", flush=True)
        else:
            say(f"{self.title} …")
        self.thread.start()
        return self

    def __exit__(self, kind, error, trace):
        self.done.set()
        self.thread.join()
        start = "\r\033[K" if self.terminal else ""
        outcome = "done" if kind is None else "stopped"
        print(f"{start}{self.title}: {outcome} ({self.seconds:.1f} s)", flush=True)


def run_step(title, command, log: Path, *, env=None, cwd=None, progress=None, fds=()):
    """Run a long command, its output in a log; raise Failure when it fails.

    ``progress`` turns a line of output into the detail to show (or None).
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    lines: list[str] = []
    with Progress(title) as shown, log.open("a") as target:
        target.write(f"\n$ {' '.join(map(str, command))}\n")
        process = subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            env=env,
            cwd=cwd,
            pass_fds=tuple(fds),
        )
        try:
            for line in process.stdout:
                target.write(line)
                target.flush()
                lines = [*lines[-14:], line.rstrip()]
                detail = progress(line) if progress else line.strip()
                if detail:
                    shown.detail = detail
            process.wait()
        except BaseException:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
            raise
    if process.returncode:
        say("\n".join(f"    {line}" for line in lines))
        full = any("No space left on device" in line for line in lines)
        raise Failure(
            f"“{title}” failed (exit code {process.returncode}); all of it is in {log}.",
            "The disk is full: free some space and start again."
            if full
            else "What was finished is kept: mend the cause and start again.",
        )

"""Private servers for the tests: PostgreSQL and Redis on sockets in a folder of their own.

No port is taken. A server ends with the process that started it, however that one ends: asked to
at the end of the tests, and told by the kernel where nobody was left to ask.
"""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

from scripts.system_programs import POSTGRES, REDIS, SystemProgram

START_TIMEOUT_S = 30
STOP_TIMEOUT_S = 10


class Service:
    """A server in a temporary folder of its own, as a user that may do nothing else."""

    stop_signal = signal.SIGTERM

    def __init__(self, program: SystemProgram) -> None:
        path = program.path()
        if path is None:
            raise FileNotFoundError(f"{program.title} is not installed; make test installs it")
        self.program_path = path
        self.folder = Path(tempfile.mkdtemp(prefix="tertulia-"))
        self._user = _unprivileged_user()
        if self._user:
            os.chown(self.folder, self._user.pw_uid, self._user.pw_gid)
        self._process: subprocess.Popen[bytes] | None = None
        self.environment: dict[str, str] = {}
        """What it finds in its environment beside what is there."""

    @property
    def pid(self) -> int:
        """The number of the server's process. Raises RuntimeError before it was started."""
        if self._process is None:
            raise RuntimeError("not started")
        return self._process.pid

    def run(self, *command: str | Path) -> bytes:
        """Run one of the server's own programs; return its words. Raises CalledProcessError."""
        ended = subprocess.run(
            [*self._as_user(), *command], cwd=self.folder, check=True, capture_output=True
        )
        return ended.stdout

    def start(self, *arguments: str | Path, is_ready: Callable[[], bool]) -> None:
        """Start the server and wait until it answers. Raises RuntimeError with its log."""
        log_path = self.folder / "log"
        try:
            self._process = self._start_process(arguments, log_path)
            self._wait_until(is_ready, self._process, log_path)
        except BaseException:
            self.stop()
            raise

    def wait(self) -> None:
        """Wait until the server has ended. Raises RuntimeError before it was started."""
        if self._process is None:
            raise RuntimeError("not started")
        self._process.wait(STOP_TIMEOUT_S)

    def freeze(self) -> None:
        """Have it do nothing, and yet be there."""
        os.kill(self.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """Have it go on."""
        os.kill(self.pid, signal.SIGCONT)

    def stop(self) -> None:
        """End the server and remove its folder; nothing in it is worth a clean shutdown."""
        if self._process:
            self._process.send_signal(self.stop_signal)
            try:
                self._process.wait(STOP_TIMEOUT_S)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _start_process(
        self, arguments: tuple[str | Path, ...], log_path: Path
    ) -> subprocess.Popen[bytes]:
        with log_path.open("wb") as log:
            return subprocess.Popen(
                [*self._as_user(dies_with_us=True), self.program_path, *arguments],
                cwd=self.folder,
                env={**os.environ, **self.environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                # Ctrl-C is for the tests, which then stop the server in good order.
                start_new_session=True,
            )

    def _wait_until(
        self, is_ready: Callable[[], bool], process: subprocess.Popen[bytes], log_path: Path
    ) -> None:
        deadline = time.monotonic() + START_TIMEOUT_S
        while not is_ready():
            if process.poll() is not None or time.monotonic() > deadline:
                log_text = log_path.read_text(errors="replace")
                raise RuntimeError(f"{self.program_path.name} did not start:\n{log_text}")
            time.sleep(0.02)

    def _as_user(self, *, dies_with_us: bool = False) -> list[str]:
        """Return the words before a command that give it its user and tie it to this process."""
        setpriv = shutil.which("setpriv")
        words = []
        if self._user:
            words += [f"--reuid={self._user.pw_uid}", f"--regid={self._user.pw_gid}"]
            words += ["--clear-groups"]
        if dies_with_us:
            words += [f"--pdeathsig={self.stop_signal.name}"]
        if setpriv is None:
            if self._user:
                raise FileNotFoundError("setpriv (util-linux) is needed to test as root")
            return []
        return [setpriv, *words, "--"] if words else []


class PostgresCluster(Service):
    """A PostgreSQL that forgets everything; ``is_durable`` makes it write as a real one does."""

    # At once: what the cluster holds is thrown away with it.
    stop_signal = signal.SIGQUIT

    def __init__(self, *, is_durable: bool = False) -> None:
        super().__init__(POSTGRES)
        # A link on PATH may stand alone; where it leads to, all the programs are together.
        self._programs = self.program_path.resolve().parent
        self._make_data()
        careless = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        options = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.folder),
            "max_connections": "200",
            **({} if is_durable else careless),
        }
        self._options = [
            word for name, value in options.items() for word in ("-c", f"{name}={value}")
        ]
        self.begin()

    def _make_data(self) -> None:
        self.run(
            self._programs / "initdb",
            *("--pgdata", self.folder / "data", "--username", "postgres", "--auth", "trust"),
            *("--encoding", "UTF8", "--locale", "C", "--no-sync"),
        )

    def begin(self) -> None:
        """Start it, for the first time or again with what it had on disk."""
        self.start(
            *("-D", self.folder / "data"),
            *self._options,
            is_ready=lambda: _answers(self._is_ready_command()),
        )

    def halt(self) -> None:
        """End it without a word to anybody, until it begins again."""
        os.kill(self.pid, self.stop_signal)
        self.wait()

    def create_database(self, template: str = "template0") -> str:
        """Make a database with a name of its own and return the name."""
        name = f"test_{uuid4().hex}"
        self.run(self._programs / "createdb", *self._place(), "--template", template, name)
        return name

    def drop_database(self, name: str) -> None:
        """Remove a database, and whoever is still connected to it."""
        self.run(self._programs / "dropdb", *self._place(), "--force", name)

    def dump(self, name: str) -> bytes:
        """Return every row of a database, as text."""
        return self.run(self._programs / "pg_dump", *self._place(), "--data-only", name)

    def url(self, name: str) -> str:
        """Return the SQLAlchemy address of a database."""
        return f"postgresql+asyncpg://postgres@/{name}?host={self.folder}"

    def _is_ready_command(self) -> list[str | Path]:
        return [self._programs / "pg_isready", "--quiet", *self._place()]

    def _place(self) -> list[str]:
        return ["--host", str(self.folder), "--username", "postgres"]


class PostgresReplica(PostgresCluster):
    """A PostgreSQL that replays what another writes, and answers who only reads."""

    def __init__(self, primary: PostgresCluster) -> None:
        self._primary = primary
        super().__init__(is_durable=True)

    def _make_data(self) -> None:
        self.run(
            self._programs / "pg_basebackup",
            *("--pgdata", self.folder / "data", "--host", str(self._primary.folder)),
            *("--username", "postgres", "--write-recovery-conf", "--checkpoint", "fast"),
            "--no-sync",
        )


class RedisServer(Service):
    """A Redis that writes nothing to disk."""

    def __init__(self) -> None:
        super().__init__(REDIS)
        self.socket_path = self.folder / "redis.sock"
        self.url = f"unix://{self.socket_path}?db=0"
        self.begin()

    def begin(self) -> None:
        """Start it, for the first time or again; it knows nothing of before."""
        self.start(
            *("--port", "0", "--unixsocket", self.socket_path, "--unixsocketperm", "777"),
            *("--save", "", "--appendonly", "no", "--dir", self.folder),
            is_ready=lambda: self._answers("PING", "+PONG"),
        )

    def halt(self) -> None:
        """End it without a word to anybody, until it begins again."""
        os.kill(self.pid, signal.SIGKILL)
        self.wait()
        self.socket_path.unlink()

    def empty(self) -> None:
        """Forget every key. Raises ConnectionError when Redis does not obey."""
        if not self._answers("FLUSHALL", "+OK"):
            raise ConnectionError("Redis did not forget its keys")

    def _answers(self, command: str, answer: str) -> bool:
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.connect(str(self.socket_path))
                connection.sendall(f"{command}\r\n".encode())
                return connection.recv(64).decode().strip() == answer
        except OSError:
            return False


def listens(port: int) -> bool:
    """Whether somebody takes connections at a port of the loopback interface."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def _answers(command: list[str | Path]) -> bool:
    return subprocess.run(command, check=False).returncode == 0


def _unprivileged_user() -> pwd.struct_passwd | None:
    """Return the user to run servers as: none when we are not root, which PostgreSQL refuses."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return pwd.getpwnam("nobody")

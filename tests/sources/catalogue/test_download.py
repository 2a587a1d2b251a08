"""The download of the dataset files, from a server on this machine that answers well, badly, or in parts."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.conftest import ROOT, Call, Ran
from tests.sources.catalogue.datasets import BASIC, COLUMNS, write
from watchlist.sources.catalogue.files import DOWNLOAD_FOLDER

NAMES = [f"{name}.tsv.gz" for name in BASIC]


class Server(ThreadingHTTPServer):
    """Serves files, and notes the requests. `say` replaces answers, `cut` breaks them off after so many bytes."""

    daemon_threads = True

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.folder = folder
        self.requests: list[tuple[str, str, str]] = []  # (method, name, range)
        self.agents: set[str] = set()
        self.say: dict[str, tuple[int, dict[str, str], bytes]] = {}  # method or name -> (status, headers, body)
        self.cut: dict[str, int] = {}
        self.tag: str | None = '"one"'
        self.parts = True
        self.lengths: dict[str, str] = {}
        self.gates: dict[str, threading.Event] = {}  # the body of a file is sent when its gate is open

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is no error."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def _answer(self, *, with_body: bool) -> None:
        server, name = self.server, self.path.lstrip("/")
        server.requests.append((self.command, name, self.headers.get("Range", "")))
        server.agents.add(self.headers["User-Agent"])
        said = server.say.get(self.command) or server.say.get(name)
        if said is not None:
            status, headers, body = said
        else:
            status, headers, body = 200, {"Content-Type": "binary/octet-stream"}, (server.folder / name).read_bytes()
            if server.tag:
                headers["ETag"] = server.tag
            start = int(self.headers.get("Range", "bytes=0-")[6:-1])
            if start and server.parts and self.headers.get("If-Range") == server.tag:
                headers["Content-Range"] = f"bytes {start}-{len(body) - 1}/{len(body)}"
                status, body = 206, body[start:]
        self.send_response(status)
        for key, value in headers.items():
            self.send_header(key, value)
        length = server.lengths.get(self.command, str(len(body)))
        if length:
            self.send_header("Content-Length", length)
        else:
            self.send_header("Connection", "close")
            self.close_connection = True
        self.end_headers()
        if with_body:
            if name in server.gates:
                server.gates[name].wait()
            if name in server.cut:
                body = body[: server.cut.pop(name)]
                self.close_connection = True
            with suppress(OSError):
                self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@pytest.fixture
def server(tmp_path: Path, config: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    write(tmp_path / "remote", COLUMNS)
    with Server(tmp_path / "remote") as server:
        config.write_text(f'[lookup]\nimdb_datasets = "{server.address}"\n')
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def folder(home: Mapping[str, str]) -> Path:
    return Path(home["XDG_CACHE_HOME"]) / "watchlist"


def download(call: Call, *words: str) -> Ran:
    return call("catalogue", "build", "--download", "--yes", *words)


def test_the_files_are_downloaded_built_and_removed(call: Call, server: Server, folder: Path) -> None:
    ran = download(call)
    assert ran.code == 0, ran.err
    assert "20 films, 5 series with 11 episodes" in call("catalogue").out
    assert [(method, name) for method, name, _ in server.requests] == [
        *(("HEAD", name) for name in NAMES),
        *(("GET", name) for name in NAMES),
    ]
    assert sorted(path.name for path in folder.iterdir()) == ["catalogue.lock", "catalogue.sqlite"]
    (agent,) = server.agents
    assert agent.startswith("watchlist-tui/")


def test_the_size_and_the_terms_are_stated_first(call: Call, server: Server, folder: Path) -> None:
    server.lengths["HEAD"] = "250000000"
    ran = call("catalogue", "build", "--download")
    assert ran.code == 2
    assert "title.basics.tsv.gz: 250.0 MB" in ran.err
    assert f"750.0 MB to download from {server.address}" in ran.err
    assert "personal and non-commercial use only" in ran.err
    assert "--yes downloads it" in ran.err
    assert {method for method, _, _ in server.requests} == {"HEAD"}
    assert not folder.exists()


def test_files_that_are_named_are_not_downloaded(call: Call, server: Server, tmp_path: Path) -> None:
    assert download(call, str(tmp_path / "remote" / NAMES[0])).code == 0
    assert {name for _, name, _ in server.requests} == {*NAMES[1:]}


def test_other_languages_and_casts_are_downloaded_if_wanted(call: Call, server: Server) -> None:
    assert download(call, "--akas", "--cast").code == 0
    assert {name for _, name, _ in server.requests} == {f"{name}.tsv.gz" for name in COLUMNS}


@pytest.mark.parametrize("cut", [0, 1, 100])
def test_a_download_that_broke_goes_on_where_it_stopped(call: Call, server: Server, folder: Path, cut: int) -> None:
    server.cut[NAMES[0]] = cut
    ran = download(call)
    assert ran.code == 1
    assert "can't download title.basics.tsv.gz" in ran.err
    assert "goes on where it stopped" in ran.err
    assert (folder / DOWNLOAD_FOLDER / NAMES[0]).stat().st_size == cut
    assert DOWNLOAD_FOLDER in call("doctor").out
    server.requests.clear()
    ran = download(call)
    assert ran.code == 0, ran.err
    ranges = [range for method, name, range in server.requests if (method, name) == ("GET", NAMES[0])]
    assert ranges == [f"bytes={cut}-" if cut else ""]
    assert "20 films" in call("catalogue").out


def test_files_that_are_here_are_not_downloaded_again(call: Call, server: Server) -> None:
    server.cut[NAMES[2]] = 10
    assert download(call).code == 1
    server.requests.clear()
    assert download(call).code == 0
    assert [name for method, name, _ in server.requests if method == "GET"] == [NAMES[2]]


@pytest.mark.parametrize("change", ["another version", "no parts", "no version"])
def test_a_part_that_can_not_be_used_is_downloaded_again(call: Call, server: Server, change: str) -> None:
    server.tag = None if change == "no version" else '"one"'
    server.cut[NAMES[0]] = 100
    assert download(call).code == 1
    if change == "another version":
        server.tag = '"two"'
    elif change == "no parts":
        server.parts = False
    assert download(call).code == 0
    assert "20 films" in call("catalogue").out


KILLED = """
import os, sys
from watchlist.__main__ import main

left, folder = int(sys.argv[1]), sys.argv[2]

def stop(event, arguments):
    global left
    if event == "open" and str(arguments[0]).startswith(folder) and arguments[2] & (os.O_WRONLY | os.O_RDWR):
        left -= 1
        if left < 0:
            os._exit(9)

sys.addaudithook(stop)
sys.exit(main(["catalogue", "build", "--download", "--yes"]))
"""


def test_a_download_killed_at_any_moment_goes_on_with_the_right_part(
    call: Call, server: Server, home: Mapping[str, str], folder: Path
) -> None:
    good = (server.folder / NAMES[0]).read_bytes()
    for moment in range(3):  # files of the download are opened for writing before: the part, its version, the next
        server.tag, server.cut[NAMES[0]] = '"one"', 100
        (server.folder / NAMES[0]).write_bytes(bytes([*good[:50], good[50] ^ 1, *good[51:]]))
        assert download(call).code == 1
        server.tag = '"two"'
        (server.folder / NAMES[0]).write_bytes(good)
        words = [sys.executable, "-c", KILLED, str(moment), str(folder / DOWNLOAD_FOLDER)]
        assert subprocess.run(words, env=dict(home), cwd=ROOT, capture_output=True, check=False).returncode == 9
        ran = download(call)
        assert ran.code == 0, ran.err


def test_two_builds_do_not_download_at_once(call: Call, server: Server, home: Mapping[str, str], folder: Path) -> None:
    server.gates[NAMES[1]] = threading.Event()
    words = [sys.executable, "-m", "watchlist", "catalogue", "build", "--download", "--yes"]
    with subprocess.Popen(words, env=dict(home), cwd=ROOT, stderr=subprocess.PIPE, text=True) as first:
        try:
            while ("GET", NAMES[1], "") not in server.requests:
                assert first.poll() is None
                time.sleep(0.005)
            for words in (["build", "--download", "--yes"], ["remove"]):
                ran = call("catalogue", *words)
                assert ran.code == 1
                assert "another process is building the catalogue" in ran.err
            assert [name for method, name, _ in server.requests if method == "GET"] == NAMES[:2]
            assert (folder / DOWNLOAD_FOLDER / NAMES[0]).exists()
        finally:
            server.gates[NAMES[1]].set()
        assert "20 films" in first.communicate(timeout=60)[1]
    assert first.returncode == 0
    assert call("catalogue").code == 0


def test_a_file_that_changes_between_question_and_answer_is_taken_whole(call: Call, server: Server) -> None:
    server.cut[NAMES[0]] = 100
    assert download(call).code == 1
    body = (server.folder / NAMES[0]).read_bytes()
    server.say[NAMES[0]] = 200, {"ETag": '"one"'}, body  # as a server does if the version is no longer that of If-Range
    assert download(call).code == 0


ANSWERS: Mapping[str, tuple[str, tuple[int, dict[str, str], bytes], str]] = {
    # name: (method or file, (status, headers, body), part of the message)
    "forbidden": ("HEAD", (403, {}, b""), "refuses to send title.basics.tsv.gz (403)"),
    "missing": (NAMES[1], (404, {}, b"<h1>Not found</h1>"), "there is no title.ratings.tsv.gz"),
    "busy": ("GET", (429, {"Retry-After": "120"}, b""), "try again in 120 s"),
    "busy until a date": ("GET", (503, {"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"}, b""), "try again later"),
    "broken": ("GET", (500, {}, b"oops"), "has a server error (500)"),
    "login of a network": ("GET", (511, {}, b""), "got a web page, not data: is this network asking for a login?"),
    "proxy": ("HEAD", (407, {}, b""), "the proxy asks for a password before it lets IMDb's dataset server be reached"),
    "bad gateway": ("HEAD", (502, {}, b""), "has a server error (502)"),
    "redirect": ("HEAD", (302, {"Location": "http://login.example/"}, b""), "redirects to http://login.example/"),
    "redirect to nowhere": ("GET", (301, {}, b""), "redirects to nowhere"),
    "login page": ("GET", (200, {"Content-Type": "text/html; charset=utf-8"}, b"<html>"), "asking for a login"),
    "login page of no type": ("GET", (200, {}, b"<html>Log in</html>"), "asking for a login"),
    "nothing": ("GET", (200, {}, b""), "was cut off"),
    "longer": ("GET", (200, {}, b"\x1f\x8b" + bytes(1 << 20)), "is longer than the server said"),
    "teapot": ("GET", (418, {}, b""), "refuses to send"),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_a_bad_answer_is_one_message(call: Call, server: Server, folder: Path, name: str) -> None:
    key, answer, message = ANSWERS[name]
    server.say[key] = answer
    ran = download(call)
    assert ran.code == 1
    assert message in ran.err
    assert ran.err.count("watchlist: ") == 1
    assert not (folder / "catalogue.sqlite").exists()
    server.say.clear()
    assert download(call).code == 0


def test_a_file_that_arrives_damaged_is_named_and_downloaded_again(call: Call, server: Server) -> None:
    good = (server.folder / NAMES[0]).read_bytes()
    (server.folder / NAMES[0]).write_bytes(good[: len(good) // 2])
    ran = download(call)
    assert ran.code == 1
    assert "is cut off" in ran.err
    (server.folder / NAMES[0]).write_bytes(good)
    server.requests.clear()
    assert download(call).code == 0
    assert [name for method, name, _ in server.requests if method == "GET"] == [NAMES[0]]


def test_a_server_of_unknown_sizes_is_used(call: Call, server: Server) -> None:
    server.lengths = {"HEAD": "", "GET": ""}
    ran = download(call)
    assert ran.code == 0, ran.err
    assert "title.basics.tsv.gz: of unknown size" in ran.err


def test_nobody_answers(call: Call, config: Path, server: Server) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        config.write_text(f'[lookup]\nimdb_datasets = "http://127.0.0.1:{listener.getsockname()[1]}"\n')
        ran = download(call)
    assert ran.code == 1
    assert "refuses connections" in ran.err
    assert ran.err.count("watchlist: ") == 1


def test_nothing_is_sent_without_the_flag(call: Call, server: Server, tmp_path: Path, file: Path) -> None:
    files = map(str, write(tmp_path / "files"))
    for words in (
        ["catalogue"],
        ["catalogue", "build", *files],
        ["doctor"],
        ["paths"],
        ["catalogue"],
        ["catalogue", "remove"],
    ):
        call(*words, "--file", str(file))
    assert server.requests == []


@pytest.mark.skipif(sys.platform == "win32", reason="pty")
@pytest.mark.parametrize("answer", ["n", "y"])
def test_the_question_in_a_terminal(server: Server, home: Mapping[str, str], folder: Path, answer: str) -> None:
    pexpect = pytest.importorskip("pexpect")
    child = pexpect.spawn(
        sys.executable, ["-m", "watchlist", "catalogue", "build", "--download"], env=dict(home), timeout=60
    )
    child.expect(r"Download\? \[y/N\] ")
    assert {method for method, _, _ in server.requests} == {"HEAD"}
    child.sendline(answer)
    child.expect("nothing was downloaded" if answer == "n" else "Built the catalogue: 20 films")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == (1 if answer == "n" else 0)
    assert (folder / "catalogue.sqlite").exists() == (answer == "y")

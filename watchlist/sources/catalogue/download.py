"""Downloads IMDb's dataset files, if the user asks for that. Import this module only then.

A download that was stopped goes on where it stopped, unless the file has changed on the server (RFC 9110, 13.1.5 and 14).
Nothing else is sent than the names of the files.
"""

from __future__ import annotations

import contextlib
import logging
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import httpx

from watchlist.checked_open import why
from watchlist.domain.frozen import Frozen
from watchlist.errors import CatalogueError
from watchlist.sources.catalogue.imdb_files import FileKind
from watchlist.sources.lookup.api import Api
from watchlist.sources.lookup.client import USER_AGENT
from watchlist.sources.lookup.failures import LOGIN_PAGE, broken_connection, failed_status

DATASETS = Api("imdb_datasets", "https://datasets.imdbws.com", 1, 1.0)
TIMEOUT = 30.0  # seconds to connect, and between two parts of a file
_HEADERS = {"User-Agent": USER_AGENT, "Accept-Encoding": "identity"}
_MAX_BYTES = 1 << 33  # of a file whose size the server does not tell
_GZIP = b"\x1f\x8b"
_SPARE_BYTES = 1 << 30  # disk space that a build needs beside the files
_AGAIN = "the same command goes on where it stopped"

Progress = Callable[[str, int, int], None]  # called with (what is done, bytes done, all bytes); may raise to stop


class Remote(Frozen):
    """A file on the server. `size` is in bytes, None if the server does not tell; `stored` bytes of it were here already.

    `version` is the server's mark for the content of the file (an entity tag or a date); empty if it has none.
    """

    kind: FileKind
    address: str
    size: int | None
    version: str
    stored: int

    @property
    def name(self) -> str:
        """The name of the file."""
        return f"{self.kind.file_name}.tsv.gz"


class Downloads:
    """The downloads from one server into one folder. Use it as a context manager."""

    def __init__(self, base: str, folder: Path) -> None:
        self._base = base.rstrip("/")
        self._folder = folder
        logging.getLogger("httpx").setLevel(logging.WARNING)
        try:
            self._client = httpx.Client(headers=_HEADERS, timeout=TIMEOUT, follow_redirects=False)
        except (ImportError, ValueError, OSError) as error:  # wrong values of HTTPS_PROXY or SSL_CERT_FILE
            hint = "check the variables HTTPS_PROXY, ALL_PROXY and SSL_CERT_FILE"
            raise CatalogueError("invalid proxy or certificate settings", hint) from error

    def __enter__(self) -> Downloads:
        return self

    def __exit__(self, *exception: object) -> None:
        self._client.close()

    def examine(self, kinds: Sequence[FileKind]) -> list[Remote]:
        """Ask the server for the sizes of files, and return these. Raise CatalogueError if it can't be asked."""
        return [self._examine(kind) for kind in kinds]

    def _examine(self, kind: FileKind) -> Remote:
        """Return what the server says about a file."""
        name = f"{kind.file_name}.tsv.gz"
        address = f"{self._base}/{name}"
        with self._errors(name):
            response = self._client.head(address)
        self._check(response, name)
        length = response.headers.get("content-length", "")
        size = int(length) if length.isascii() and length.isdigit() and len(length) < 16 else None
        version = response.headers.get("etag", "")
        if not version or version.startswith("W/"):
            version = response.headers.get("last-modified", "")
        return Remote(kind, address, size, version, self._stored(name, version))

    def _stored(self, name: str, version: str) -> int:
        """Return how many bytes of a file are stored, from this version of it."""
        with contextlib.suppress(OSError):
            if version and self._mark(name).read_text("utf-8") == version:
                return (self._folder / name).stat().st_size
        return 0

    def _mark(self, name: str) -> Path:
        """Return the path of the text with the version of the stored part of a file."""
        return self._folder / f"{name}.version"

    def fetch(self, files: Sequence[Remote], progress: Progress) -> list[Path]:
        """Download files, or the rest of them, and return their paths. The caller holds `build_lock`.

        Raises:
            CatalogueError: The connection broke, an answer is no dataset file, or the disk is full. What has arrived is
                kept for the next time.
        """
        total = sum(file.size or 0 for file in files)
        missing = sum((file.size or 0) - file.stored for file in files)
        done = 0
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if (free := shutil.disk_usage(self._folder).free) < missing + _SPARE_BYTES:
                needed = f"{(missing + _SPARE_BYTES) >> 20:,} MB are needed, {free >> 20:,} MB are free"
                raise CatalogueError(f"the disk of {self._folder} is too full", needed)
            for file in files:
                before = done
                for stored in self._fetch(file):
                    progress(f"downloading {file.name}", before + stored, total)
                    done = before + stored
        except OSError as error:
            raise CatalogueError(f"can't write in {self._folder}: {why(error)}", _AGAIN) from error
        return [self._folder / file.name for file in files]

    def _fetch(self, file: Remote) -> Iterator[int]:
        """Download a file, or the rest of it. Yield the number of bytes stored, again and again."""
        path = self._folder / file.name
        stored = self._stored(file.name, file.version)  # another process may have downloaded or removed it meanwhile
        if stored and stored == file.size:
            yield stored
            return
        start = stored if file.size is not None and stored < file.size else 0
        headers = {"Range": f"bytes={start}-", "If-Range": file.version} if start else {}
        with self._errors(file.name), self._client.stream("GET", file.address, headers=headers) as response:
            self._check(response, file.name)
            if start and not (
                response.status_code == 206 and response.headers.get("content-range", "").startswith(f"bytes {start}-")
            ):
                start = 0  # the file has changed, or the server can't send parts
            with path.open("ab" if start else "wb") as stream:
                if not start:  # only now that the old part is gone: the mark says from which version a part is
                    self._mark(file.name).write_text(file.version, "utf-8")
                yield from self._store(file, response, stream.write, start)
        if file.size is not None and path.stat().st_size != file.size:
            raise CatalogueError(f"{file.name} was cut off", _AGAIN)

    def _store(
        self, file: Remote, response: httpx.Response, write: Callable[[bytes], object], start: int
    ) -> Iterator[int]:
        """Write the body of an answer that begins at byte `start` of a file. Yield the number of bytes stored."""
        stored = start
        limit = file.size if file.size is not None else _MAX_BYTES
        for chunk in response.iter_raw():  # as it arrives, so that nothing is lost if the connection breaks
            if not stored and not chunk.startswith(_GZIP[: len(chunk)]):
                self._mark(file.name).unlink(missing_ok=True)
                raise CatalogueError(f"{file.address} is not a gzip file: is this network asking for a login?")
            if stored + len(chunk) > limit:
                self._mark(file.name).unlink(missing_ok=True)
                raise CatalogueError(f"{file.address} is longer than the server said")
            write(chunk)
            stored += len(chunk)
            yield stored

    @contextlib.contextmanager
    def _errors(self, name: str) -> Iterator[None]:
        """Raise CatalogueError in place of the errors of the HTTP library."""
        try:
            yield
        except httpx.HTTPError as error:
            raise CatalogueError(
                f"can't download {name}: {broken_connection(DATASETS, error, TIMEOUT).message}", _AGAIN
            ) from error
        except (httpx.InvalidURL, UnicodeError, ValueError) as error:
            hint = f"[lookup] {DATASETS.name} in the config is the address"
            raise CatalogueError(f"the address {self._base} is not valid", hint) from error

    def _check(self, response: httpx.Response, name: str) -> None:
        """Raise CatalogueError unless the status of an answer means success."""
        status = response.status_code
        if status in (200, 206):
            if "html" in response.headers.get("content-type", "").lower():
                raise CatalogueError(_continued(LOGIN_PAGE))
            return
        server = DATASETS.title
        if 300 <= status < 400:
            target = response.headers.get("location", "nowhere")[:200]
            raise CatalogueError(f"{server} redirects to {target}: is this network asking for a login?")
        if status == 404:
            hint = f"[lookup] {DATASETS.name} in the config is the address"
            raise CatalogueError(f"there is no {name} at {self._base} (404)", hint)
        if status in (429, 503):
            asked = response.headers.get("retry-after", "")
            when = f"in {asked} s" if asked.isascii() and asked.isdigit() and len(asked) < 7 else "later"
            raise CatalogueError(f"{server} is busy ({status})", f"try again {when}; {_AGAIN}")
        failure = failed_status(DATASETS, status) if status in (407, *range(500, 600)) else None
        if failure is not None:
            raise CatalogueError(_continued(failure.message), _AGAIN)
        raise CatalogueError(f"{server} refuses to send {name} ({status})")


def _continued(sentence: str) -> str:
    """Return a sentence about a service as the message of an error, without the capital letter of its first word."""
    return sentence if sentence.startswith(DATASETS.title) else sentence[0].lower() + sentence[1:]

"""Encrypted connections: certificates are checked, and no redirect gives up the encryption."""

from __future__ import annotations

import shutil
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sources.replay import Replay, Reply, replaying
from watchlist.errors import LookupFailed
from watchlist.sources.lookup.client import Client
from watchlist.sources.lookup.options import LookupOptions
from watchlist.sources.lookup.tvmaze import API

PATH = "/shows/7001"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that no authority signed, and its key."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl makes the certificate")
    folder = tmp_path_factory.mktemp("tls")
    file, key = folder / "certificate.pem", folder / "key.pem"
    words = [
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=127.0.0.1",
    ]
    names = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(file)]
    subprocess.run(["openssl", *words, *names], check=True, capture_output=True)
    return file, key


@pytest.fixture
def secure(certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> Iterator[Replay]:
    """The server, encrypted."""
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    with replaying(context) as replay:
        yield replay


async def test_a_certificate_that_nobody_signed_is_refused(secure: Replay) -> None:
    async with Client(LookupOptions({"tvmaze": f"{secure.address}/tvmaze"})) as client:
        with pytest.raises(LookupFailed, match="The certificate of TVmaze is not valid"):
            await client.get(API, PATH)
    assert not secure.requests


async def test_a_certificate_that_the_user_trusts_is_taken(
    secure: Replay, certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    async with Client(LookupOptions({"tvmaze": f"{secure.address}/tvmaze"})) as client:
        assert (await client.get(API, PATH))["id"] == 7001
        secure.faults = [Reply(301, headers=(("Location", f"{secure.address}/tvmaze{PATH}"),))]
        assert (await client.get(API, PATH, [("n", "2")]))["id"] == 7001
        secure.faults = [Reply(301, headers=(("Location", secure.address.replace("https:", "http:")),))]
        with pytest.raises(LookupFailed, match="TVmaze redirects to an address without encryption"):
            await client.get(API, PATH, [("n", "3")])
    assert len(secure.requests) == 4

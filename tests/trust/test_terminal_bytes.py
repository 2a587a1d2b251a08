"""Text that would act on a terminal, in every place that text can come from: not one byte of it gets there as it is."""

from __future__ import annotations

import os
import pty
import re
import select
import sys
from collections.abc import Callable, Mapping

from tests.e2e.terminal import Terminal, environment
from tests.trust.conftest import Figure, Many
from tests.trust.work import a_folder, forked
from watchlist.domain.toml_values import render_block

PAYLOADS = (
    *(
        "\x1b[31;47;5mRED",
        "\x1b]0;TITLE\x07",
        "\x1b]0;TITLE\x1b\\",
        "\x1b]52;c;SEVMTE8=\x07",
        "\x1b]8;;http://x\x1b\\L",
    ),
    *("\x1b[2J", "\x1b[H", "\x1b[?1049h", "\x1b[6n", "\x1b[c", "\x1bc", "\x1b(0", "\x1b#8", "\x1b[8m", "\x1bP+q\x1b\\"),
    *("\x1b_APC\x1b\\", "\x1b^PM\x1b\\", "\x1bX\x1b\\", "\x1b[200~", "\x1b[5i", "\x1b]4;1;rgb:0/0/0\x07", "\x1b[1;1r"),
    *(
        "\x9b31m",
        "\x9d0;T\x9c",
        "\x90q\x9c",
        "\x85nel",
        "\x84\x8d\x8e",
        "a\x00b",
        "a\x07b",
        "a\x08b",
        "a\x7fb",
        "a\x0bb",
    ),
    *(
        "a\x0cb",
        "a\rb",
        "a\nb",
        "a\tb",
        "\x0e\x0f",
        "\u202eexe",
        "\u2066x\u2069",
        "\u200fx",
        "\u2028x",
        "\ufeffx",
        "\xadx",
    ),
    *("\U000e0041x", "\u200bx", "\x18\x1a", "\x05", "\x11\x13"),
)
# What must never be seen, in any output; and what the program itself sends: colours, moves, modes, the pointer's shape.
FOREIGN = re.compile(
    "[\x00-\x09\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
    "|[\U000e0000-\U000e0fff]|\x1b"
)
THEIRS = re.compile(r"\x1b\[31;47;5m|\x1b\[6n|\x1b\[5i|\x1b\[1;1r|\x1b\[c")
OURS = re.compile(r"\x1b\[[\d;:]*m")
OF_THE_SCREEN = re.compile(r"\x1b(?:\[[?<>=]?[\d;:]*[ $]?[A-Za-z]|\]22;[a-z-]*\x07|P=\d+s\x1b\\|[()][0AB])|\t")
CLEAR = ("\x1b[2J", "\x1b[H", "\x1b[?1049h")  # Textual sends these too


def leaks(raw: bytes, ours: re.Pattern[str]) -> list[str]:
    """What of the output is a control of somebody else's."""
    text = raw.decode("utf-8", "surrogateescape").replace("\r\n", "\n")
    left = ours.sub("", text)
    return [*THEIRS.findall(text), *(left[max(0, m.start() - 20) : m.end() + 20] for m in FOREIGN.finditer(left))]


def listed(payloads: tuple[str, ...]) -> str:
    """A list with each of them in all fields of a show that take a text, and in own keys and their names."""
    rows = [
        {
            "id": f"s{number}",
            "title": f"T {payload}",
            "status": "watching",
            "platform": payload,
            "language": payload,
            "based_on": payload,
            "creators": [payload],
            "genres": [payload],
            "tags": [payload],
            "aka": [payload],
            "related": [payload],
            "synopsis": payload,
            "notes": f"# {payload}\n\n* {payload} [{payload}](http://x/{payload}) `{payload}`",
            "ids": {"imdb": payload},
            "cast": [{"actor": payload, "role": payload}],
            "crew": [{"name": payload, "job": payload}],
            "year": payload,
            "mine": {payload: [payload]},
            f"k{payload}": payload,
            "seasons": [{"number": 1, "episodes": 2, "titles": [payload, payload], "watched": payload}],
            "viewings": [{"date": "2024-01-01", "people": [payload], "review": payload}],
        }
        for number, payload in enumerate(payloads)
    ]
    views = render_block({"name": f"V {payloads[0]}", "query": "status:watching"}).replace("[[shows]]", "[[views]]")
    return views + "\n" + "\n".join(map(render_block, rows))


READING = (
    *(["list"], ["list", "--plain"], ["list", "--json"], ["list", "--jsonl"], ["views"], ["fields"], ["history"]),
    ["list", "--columns", "title,tags,creators,synopsis,notes,cast,crew,aka,ids,seasons,viewings,genres,language"],
    ["list", "--format", "{title} {notes} {tags} {cast} {seasons}"],
    *(["export", "--format", name] for name in ("toml", "json", "jsonl", "csv", "tsv", "markdown", "html", "text")),
)
# With a payload for each `{}`.
ARGUED = (
    *(["show", "{}"], ["list", "{}"], ["list", "title:{}"], ["list", "no{}:x"], ["list", "--columns", "{}"], ["{}"]),
    *(
        ["list", "--sort", "{}"],
        ["add", "N {}"],
        ["set", "s1", "platform={}"],
        ["set", "s1", "{}=1"],
        ["--file", "{}", "list"],
    ),
    *(["status", "s1", "{}"], ["rate", "s1", "{}"], ["tag", "s1", "+{}"], ["note", "s1", "{}"], ["remove", "{}"]),
    *(["import", "{}"], ["import", "{}.json"], ["export", "--output", "/no/{}.csv"], ["export", "--format", "{}"]),
    *(
        ["help", "{}"],
        ["completions", "{}"],
        ["config", "{}"],
        ["--config", "{}", "list"],
        ["undo", "{}"],
        ["list", "-n", "{}"],
    ),
)


def _program(words: list[str], env: Mapping[str, str]) -> Callable[[], None]:
    def run() -> None:
        os.environ.clear()
        os.environ.update(env)
        for name, number in (("stdin", 0), ("stdout", 1), ("stderr", 2)):
            setattr(sys, name, os.fdopen(number, "w" if number else "r", encoding="utf-8", closefd=False))
        from watchlist.__main__ import main

        code = main(words)
        sys.stdout.flush()
        sys.stderr.flush()
        assert code in (0, 1, 2, 3)

    return run


def printed(words: list[str], env: Mapping[str, str], *, terminal: bool) -> bytes:
    """All that a verb writes to a terminal, or to a pipe, in a process that is forked for it."""
    reader, writer = pty.openpty() if terminal else os.pipe()

    def act() -> None:
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(writer, 1)
        os.dup2(writer, 2)
        os.close(reader)
        _program(words, env)()

    child = forked(act)
    os.close(writer)
    data = b""
    while select.select([reader], [], [], 30)[0]:
        try:
            more = os.read(reader, 1 << 16)
        except OSError:
            break
        if not more:
            break
        data += more
    os.close(reader)
    _, status = os.waitpid(child, 0)
    assert status == 0, (words, data[-2000:])
    return data


def test_X01_X02_no_verb_lets_a_control_through(many: Many, figure: Figure) -> None:
    runs, found = 0, []
    step = many(17, 1)  # the arguments of every seventh payload with each verb, in turn
    with a_folder() as folder:
        env = environment(folder, WATCHLIST_FILE=str(folder / "list.toml"), COLUMNS="200")
        (folder / "list.toml").write_text(listed(PAYLOADS), "utf-8")
        lines = [
            *READING,
            *(["show", f"s{n}"] for n in range(0, len(PAYLOADS), many(4, 1))),
            *(["show", f"s{n}", "--plain"] for n in range(0, len(PAYLOADS), step)),
            *(
                [word.replace("{}", payload) for word in words]
                for at, words in enumerate(ARGUED)
                for n, payload in enumerate(PAYLOADS)
                if (at + n) % step == 0 and "\x00" not in payload
            ),
        ]
        for words in lines:
            for terminal in (True, False):
                if (not terminal and words[0] == "export") or (words[0] == "config" and len(words[1]) < 2):
                    continue  # a file is given the raw values; an editor is not what is looked at here
                runs += 1
                found += [
                    (words, terminal, leak)
                    for leak in leaks(_plain(words, printed(words, env, terminal=terminal)), OURS)
                ]
    figure("controls printed by the verbs", payloads=len(PAYLOADS), runs=runs, foreign_control_bytes=len(found))
    assert not found[:5]


def _plain(words: list[str], raw: bytes) -> bytes:
    """Without the tabs that --plain and TSV put between cells: those in the text of a cell would make one too many."""
    return (
        raw.replace(b"\t", b" ")
        if {"--plain", "tsv"} & set(words) or words[0] in ("export", "note", "history")
        else raw
    )


WALKS = (
    *(
        ["enter", "ctrl+d", "escape"],
        ["r", "escape"],
        ["s", "escape"],
        ["t", "escape"],
        ["n", "escape"],
        ["e", "tab", "escape"],
    ),
    *(
        ["o", "escape"],
        ["x", "escape"],
        [":", "escape"],
        ["?", "escape"],
        ["space", "d", "u"],
        ["r", "4", "enter", "u"],
    ),
)


def test_X01_X02_no_screen_lets_a_control_through(many: Many, figure: Figure) -> None:
    per_payload, step = many(1, len(WALKS)), many(3, 1)
    with a_folder() as folder:
        file = folder / "list.toml"
        file.write_text(listed(tuple(p for p in PAYLOADS if p not in CLEAR)), "utf-8")
        env = environment(folder, WATCHLIST_FILE=str(file))
        with Terminal(env=env, size=(130, 40), cwd=folder) as terminal:
            terminal.wait("T ")
            for number in range(0, len(PAYLOADS) - len(CLEAR), step):
                for turn in range(per_payload):
                    terminal.press(*WALKS[(number + turn) % len(WALKS)], pause=0.01)
                terminal.press(*["j"] * step, pause=0.01)
                assert terminal.process.isalive(), terminal.screen
            for payload in PAYLOADS[:: many(8, 1)]:
                terminal.press("/")
                terminal.process.send(f"\x1b[200~{payload.replace(chr(27), '')}\x1b[201~")
                terminal.press("enter", "escape", pause=0.01)
            terminal.read(0.5)
            raw = re.sub(rb"\x1b[^\x1b]*\Z", b"", terminal.raw)  # the last one may be on its way yet
            terminal.press("escape", "escape")
            assert terminal.quit() == 0
    found = leaks(raw, OF_THE_SCREEN)
    figure(
        "controls drawn by the interface",
        payloads=len(PAYLOADS) - len(CLEAR),
        bytes_drawn=len(raw),
        foreign_control_bytes=len(found),
    )
    assert not found[:10]

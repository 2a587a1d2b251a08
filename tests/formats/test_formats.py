"""What is written can be read back; what people read shows every title as it is; what stops half-way says so."""

from __future__ import annotations

import csv
import io
import json
import xml.etree.ElementTree as ElementTree
from collections.abc import Sequence
from datetime import date
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from tests.profile import examples
from tests.strategies import show_lists, wild_texts
from watchlist.domain.fields import STORED
from watchlist.domain.json_values import from_json
from watchlist.domain.model import Role, Season, Show, Status
from watchlist.domain.ratings import DisplayStyle
from watchlist.domain.show_toml import from_table
from watchlist.errors import UsageError
from watchlist.formats import FORMATS, WriteOptions, by_ending, by_name
from watchlist.formats.html import POLICY
from watchlist.formats.markdown import escaped
from watchlist.sanitize import safe

WRITABLE = [name for name, format in FORMATS.items() if format.write]
LOSSLESS = [format for format in FORMATS.values() if format.lossless]
TORTURE = (
    *("[REC]", "x [/oops]", "a [red]b", "=SUM(A1)", "+1", "-1", "@x", "'=x", "''", "\ttab", "\rcr", "＝full"),
    *(
        "\x1b]52;c;aGk=\x07",
        "\x9b31m",
        "a\x00b",
        "\u202egnp",
        "a\u2028b",
        "\ufeffbom",
        "\uffff",
        "two\nlines",
        "a\r\nb",
    ),
    *("<script>alert(1)</script>", '" onclick="x', "</style>", "]]>", "&amp;", "{0}", "a|b", "`code`", "**b**", "<b>"),
    *(
        "[x](javascript:alert(1))",
        "![x](http://e.org/p.png)",
        "https://e.org",
        "www.e.org",
        "# h",
        "1. a",
        "\\|",
        "$x$",
    ),
    *("千と千尋の神隠し", "👩\u200d👩\u200d👧", "x" * 300, "a,b;c", 'the "other" one', "title", "null", "[1]", '["a"]'),
)


def text_of(name: str, shows: Sequence[Show], **options: Any) -> str:
    out = io.StringIO(newline="")
    write = FORMATS[name].write
    assert write is not None
    write(shows, out, WriteOptions(**options))
    return out.getvalue()


def read_back(name: str, text: str) -> tuple[Show, ...]:
    read = FORMATS[name].read
    assert read is not None
    found = read(text.encode())
    assert not found.problems
    assert not found.skipped
    return found.shows


@pytest.mark.parametrize("format", LOSSLESS, ids=lambda row: row.name)
@settings(deadline=None, max_examples=examples(60))
@given(shows=show_lists(wild=True))
def test_what_is_written_is_read_back(format: Any, shows: list[Show]) -> None:
    text = text_of(format.name, shows)
    if not shows and format.name in ("toml", "jsonl"):
        return  # nothing to read there
    kept = shows
    if format.name != "toml":
        kept = [_in_json(show, own=format.name not in ("csv", "tsv")) for show in shows]
    assert list(read_back(format.name, text)) == kept


def _in_json(show: Show, *, own: bool) -> Show:
    """What JSON, or a table of cells, can say of a show: the user's own dates are text there."""
    table = json.loads(text_of("json", [show]))[0]
    known = {field.name for field in STORED}
    return from_table(from_json({key: value for key, value in table.items() if own or key in known}))


@pytest.mark.parametrize("format", LOSSLESS, ids=lambda row: row.name)
@pytest.mark.parametrize("text", TORTURE)
def test_any_title_survives(format: Any, text: str) -> None:
    show = Show("x", text, platform=text, notes=text, tags=(text,), cast=(Role(text, text),))
    assert read_back(format.name, text_of(format.name, [show])) == (show,)


@pytest.mark.parametrize("name", WRITABLE)
@pytest.mark.parametrize("text", TORTURE)
def test_every_writer_takes_any_title(name: str, text: str) -> None:
    show = Show("x", text, synopsis=text, platform=text, genres=(text,), cast=(Role(text, text),))
    assert text_of(name, [show], title=text).encode()


@pytest.mark.parametrize("name", ["json", "jsonl", "markdown", "html", "text", "svg"])
@pytest.mark.parametrize("text", TORTURE)
def test_nothing_that_a_terminal_would_act_on_is_written(name: str, text: str) -> None:
    output = text_of(name, [Show("x", text, platform=text, synopsis=text)], title=text)
    assert safe(output, lines=True) == output


@pytest.mark.parametrize("name", WRITABLE)
def test_progress_is_told_and_can_stop(name: str) -> None:
    seen: list[int] = []
    shows = [Show(f"x{n}", f"X{n}") for n in range(1 if name == "svg" else 3)]
    text_of(name, shows, progress=seen.append)
    assert seen == list(range(1, len(shows) + 1))

    class Stopped(Exception):
        pass

    def stop(count: int) -> None:
        raise Stopped

    with pytest.raises(Stopped):
        text_of(name, shows, progress=stop)


def test_a_toml_export_is_a_list() -> None:
    text = text_of("toml", [Show("heat", "Heat", year=1995), Show("dune", "Dune")])
    assert text.startswith('version = 1\n\n[[shows]]\nid = "heat"\ntitle = "Heat"\n')
    assert "\n\n[[shows]]\n" in text


def test_json_has_the_keys_of_the_file() -> None:
    show = Show("x", "X", premiered=date(2025, 7, 9), seasons=(Season(1, 3, watched=(1, 2)),), other={"shelf": 3})
    assert json.loads(text_of("json", [show])) == [
        {
            "id": "x",
            "title": "X",
            "status": "planned",
            "premiered": "2025-07-09",
            "seasons": [{"number": 1, "episodes": 3, "watched": "1-2"}],
            "shelf": 3,
        }
    ]


def test_a_csv_has_a_column_for_every_stored_field() -> None:
    rows = list(
        csv.reader(io.StringIO(text_of("csv", [Show("x", "X", rating=4.35)], style=DisplayStyle("100")), newline=""))
    )
    assert rows[0] == [field.name for field in STORED]
    assert dict(zip(*rows, strict=True))["rating"] == "4.35"  # data is in stars, whatever the scale


@given(wild_texts())
def test_no_cell_of_a_csv_is_run(text: str) -> None:
    (_, row) = csv.reader(io.StringIO(text_of("csv", [Show("x", "t" + text, notes=text, url="")]), newline=""))
    assert not [cell for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"))]


def test_raw_leaves_cells_as_they_are() -> None:
    show = Show("x", "=1+1")
    assert "\n'=1+1," in text_of("csv", [show])
    assert "\n=1+1," in text_of("csv", [show], raw=True)
    assert "'=1+1" not in text_of("csv", [show], raw=True)


class Page(HTMLParser):
    """Collects what a browser would see, and fails on what it should not."""

    VOID = ("meta", "br", "link", "img")

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.text = ""
        self.policy = ""
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag not in ("script", "iframe", "object", "embed", "img", "link", "base", "form", "input", "svg")
        values = dict(attrs)
        assert len(values) == len(attrs)
        assert not [name for name in values if name.startswith("on") or name in ("src", "srcset", "style")]
        if values.get("http-equiv") == "Content-Security-Policy":
            self.policy = values["content"] or ""
        if tag == "a":
            self.links.append(values["href"] or "")
            assert self.links[-1].startswith(("https://", "http://", "#show-"))
            assert self.links[-1].startswith("#") or "noreferrer" in (values["rel"] or "")
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.text += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError("a comment")


def page(text: str) -> Page:
    parser = Page()
    parser.feed(text)
    parser.close()
    assert not parser.open
    return parser


@settings(deadline=None, max_examples=examples(40))
@given(show_lists(wild=True), wild_texts())
def test_I06_a_page_holds_only_what_was_meant(shows: list[Show], title: str) -> None:
    found = page(text_of("html", shows, title=title))
    assert found.policy == POLICY
    for show in shows:
        assert safe(show.title, lines=True) in found.text


@pytest.mark.parametrize("text", TORTURE)
def test_a_page_shows_any_text_as_it_is(text: str) -> None:
    show = Show("x", text, synopsis=text, platform=text, cast=(Role(text, text),) * 20, aka=(text,))
    found = page(text_of("html", [show, show], title=text))
    assert found.text.count(safe(text, lines=True)) >= 40


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "JAVASCRIPT:x", "ftp://x", "//x"])
def test_I06_a_page_links_to_the_web_only(url: str) -> None:
    assert not page(text_of("html", [Show("x", "X", url=url)])).links
    assert page(text_of("html", [Show("x", "X", url='https://e.org/?a=1&b="')])).links == ['https://e.org/?a=1&b="']


def test_a_page_keeps_to_itself_what_is_nobody_elses() -> None:
    show = from_table({"id": "x", "title": "X", "notes": "secret", "viewings": [{"review": "secret"}]})
    assert "secret" not in text_of("html", [show])


def rendered(markdown: str) -> list[list[str]]:
    """The cells of the rows below the head of a table, as text."""
    parser = MarkdownIt("commonmark", {"html": True, "linkify": False}).enable(["table", "strikethrough"])
    rows: list[list[str]] = []
    for token in parser.parse(markdown):
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline" and rows:
            assert {child.type for child in token.children or []} <= {"text", "text_special"}
            rows[-1].append("".join(child.content for child in token.children or []))
    return rows[1:]


@given(st.lists(wild_texts(), min_size=1, max_size=3))
def test_I07_a_table_shows_every_title_as_it_is(titles: list[str]) -> None:
    shows = [Show("x", "t" + title, year=1999) for title in titles]
    rows = rendered(text_of("markdown", shows))
    assert [row[0] for row in rows] == [safe(" ".join(show.title.split())) for show in shows]
    assert all(row[1] == "1999" for row in rows)


@pytest.mark.parametrize("text", TORTURE)
def test_I07_signs_of_markdown_are_plain_characters(text: str) -> None:
    (row,) = rendered(text_of("markdown", [Show("x", "t" + text, rating=4.5)]))
    assert row[0] == safe(" ".join(("t" + text).split()))
    assert row[3] == "4.5"


def test_addresses_are_no_links_where_they_would_be_made_some() -> None:
    assert escaped("see https://e.org and www.e.org") == "see https\\://e.org and www\\.e.org"


def test_text_is_lines_for_a_mail() -> None:
    shows = [
        Show("ballard", "Ballard", year=2025, rating=4.5, platform="Prime Video"),
        Show("x", "千と千尋\nの神隠し", status=Status.WATCHING),
    ]
    assert text_of("text", shows) == (
        "★★★★½ 4.5  planned   2025  Ballard (Prime Video)\n·····      watching        千と千尋 の神隠し\n"
    )
    assert text_of("text", shows[:1], style=DisplayStyle("10", ascii=True)).startswith("****+ 9/10  planned")


@pytest.mark.parametrize("text", TORTURE)
def test_a_picture_is_wellformed_and_alone(text: str) -> None:
    show = Show("x", text, synopsis=text, notes=text, platform=text)
    root = ElementTree.fromstring(text_of("svg", [show]))
    assert {element.tag.split("}")[1] for element in root.iter()} == {"svg", "title", "rect", "g", "text"}
    assert safe(text.replace("\uffff", "\ufffd").split("\n")[0])[:60].split()[0] in "".join(
        e.text or "" for e in root.iter()
    ).replace("\xa0", " ")
    assert not [value for e in root.iter() for value in e.attrib.values() if "url(" in value or "javascript" in value]


@pytest.mark.parametrize("count", [0, 2])
def test_a_picture_is_of_one_show(count: int) -> None:
    with pytest.raises(UsageError, match="one show"):
        text_of("svg", [Show("x", "X")] * count)


@pytest.mark.parametrize(
    ("path", "name"),
    [("a/b.toml", "toml"), ("x.JSON", "json"), ("x.ndjson", "jsonl"), ("x.tar.md", "markdown"), ("x.htm", "html")],
)
def test_an_ending_names_its_format(path: str, name: str) -> None:
    assert by_ending(path) is FORMATS[name] is by_name(name.upper())


def test_wrong_names_get_a_hint() -> None:
    with pytest.raises(UsageError, match="no format has the ending") as caught:
        by_ending("list.jsn")
    assert caught.value.hint == 'did you mean ".json"?'
    with pytest.raises(UsageError, match="has no ending"):
        by_ending("list")
    with pytest.raises(UsageError) as caught:
        by_name("markdwn")
    assert caught.value.hint == 'did you mean "markdown"?'
    for call in (lambda: by_name("html", reading=True), lambda: by_ending("x.html", reading=True)):
        with pytest.raises(UsageError, match="HTML can be written, not read") as caught:
            call()
        assert "svg" not in caught.value.hint
    with pytest.raises(UsageError, match="IMDb can be read, not written") as caught:
        by_name("imdb")
    assert "imdb" not in caught.value.hint


@pytest.mark.parametrize("name", ["csv", "tsv", "json", "jsonl", "toml"])
def test_C2_the_first_number_of_a_season_comes_back(name: str) -> None:
    show = Show("a", "A", seasons=(Season(2, 16, ("Reunion",), (62, 63), first=62),))
    text = text_of(name, [show])
    assert "first" in text
    assert read_back(name, text)[0].seasons == show.seasons


def test_lengths_of_seasons_in_a_csv_are_plain_rows() -> None:
    (show,) = FORMATS["csv"].read(b'title,seasons\nBear,"8, S0 1"\n').shows
    assert type(show.seasons) is tuple
    assert show.seasons == (Season(1, 8), Season(0, 1))

"""Where a text is cut: a show begins with the comments right above it and ends where something else begins."""

from __future__ import annotations

import pytest

from watchlist.store.digest import digest
from watchlist.store.toml import parser as toml_parser
from watchlist.store.toml.document import (
    Document,
    NotToml,
    Part,
    ends_in_comment,
    quick_cut,
    read,
    with_comments,
)
from watchlist.store.toml.parser import check_utf8, damage, table_of
from watchlist.store.toml.scanner import Header, Statement, Unreadable, header_of, scan

A, B = '[[shows]]\nid = "a"\n', '[[shows]]\nid = "b"\n'
TEXT = 'notes = """\n[[shows]]\n# not here\n[x]\n"""\n'
ROWS = "x = [\n[\n1],\n]\n"

# The parts, blocks of shows marked by `>`.
CUTS: list[tuple[str, ...]] = [
    (),
    ("version = 1\n",),
    (f">{A}",),
    (f">{A}", f">{B}"),
    ("version = 1\n\n", f"># of a\n# still\n{A}\n", f">{B}"),
    ("# mine\n\n", f">\t# of a\n  {A}"),
    (f">{A}# of a\n\n", f"># of b\n{B}"),
    (f">{A}", "# of x\n[x]\ny = 1\n", f">{B}"),
    (f">{A}", "[x]\n[y]\n[[z]]\n", f">{B}"),
    (f">{A}[shows.ids]\nimdb = 1\n[[shows.seasons]]\nnumber = 1\n", f">{B}"),
    (f">{A}[x]\ny = 1\n[shows.ids]\nimdb = 1\n", f">{B}"),
    (f">{A}[x]\n[y]\n[shows.ids]\nimdb = 1\n", "[z]\n", f">{B}"),
    ("[x]\n", f">{A}", "[y]\n"),
    (f">{A}x = '[[shows]]'\n", f">{B}"),
    ("x = 1 # [[shows]]\n", f">{A}"),
    ('>[["shows"]]\nid = 1\n', ">[[ 'shows' ]] # so\nid = 2\n"),
    (f">{A}{TEXT}", f">{B}"),
    (f"{TEXT}\n", f">{A}"),
    (f">{A}{ROWS}", f">{B}"),
    (ROWS, f">{A}"),
    (f'>{A}notes = """\n# the end"""\n', f">{B}"),
    (f'>{A}notes = """\n# the end"""\n', f"># of b\n{B}"),
    ('notes = """\n# the end"""\n', f">{A}"),
    (f">{A}é = 'ü' # ö\n".replace("é", '"é"'), '# ä\n["ß"]\n', f">{B}"),
    (f'>{A}"é" = """\n[[shows]]\n"""\n', f">{B}"),
]


@pytest.mark.parametrize("parts", CUTS, ids=range(len(CUTS)))
@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["", "BOM"])
def test_a_text_is_cut_at_its_shows(parts: tuple[str, ...], newline: str, mark: str) -> None:
    wanted = [Part(part.removeprefix(">").replace("\n", newline).encode(), part.startswith(">")) for part in parts]
    data = mark.encode() + b"".join(part.data for part in wanted)
    document, tables = read(data)
    assert list(document.parts) == wanted
    assert (document.data, document.bom, document.newline) == (data, bool(mark), newline if b"\n" in data else "\n")
    assert len(document) == len(wanted)
    assert len(tables) == len(list(document.blocks)) == sum(part.show for part in wanted)
    assert document.text == data.decode()
    assert document.digest == digest(data)
    assert "shows" not in document.rest


def test_blocks_that_are_known_are_not_read_again() -> None:
    _, tables = read((A + B).encode(), {A.encode(): "known"})
    assert tables == ["known", {"id": "b"}]


@pytest.mark.parametrize(
    ("text", "shows"),
    [
        ("shows = [{id = 1}, {id = 2}]\n", ({"id": 1}, {"id": 2})),
        ("shows = [{id = 1}, 5]\n", ({"id": 1},)),
        ("shows = 5\n", ()),
        ("shows = []\n", ()),
        ("[shows]\nx = 1\n", ()),
        ("version = 1\nshows = [\n  { id = 1 },\n]\n[x]\n", ({"id": 1},)),
    ],
)
def test_shows_that_are_one_value_are_given_whole(text: str, shows: tuple[object, ...]) -> None:
    document, tables = read(text.encode())
    assert document.inline_shows == shows
    assert tuple(tables) == shows
    assert [part.show for part in document.parts] == [False]
    assert document.text == text


def test_what_can_be_read_beside_damage_is_given_with_its_place() -> None:
    with pytest.raises(NotToml) as caught:
        read(f"{A}\n[[shows]]\nid = \n\n[x]\ny = 1\n{B}".encode())
    error = caught.value
    assert (error.damage.line, error.damage.column, error.damage.text) == (5, 6, "id = ")
    assert str(error) == error.damage.message == "Invalid value"
    assert error.tables == [{"id": "a"}, {"id": "b"}]
    assert [part.show for part in error.document.parts] == [True, False, False, True]


@pytest.mark.parametrize(
    ("text", "line", "column", "shown"),
    [
        ("a = 1\nb = \n", 2, 5, "b = "),
        ("a = 1\r\nb = \r\n", 2, 5, "b = "),
        ("a = [1\n\n", 1, 7, "a = [1"),  # at the end of the document: where something stands last
        ("a = [1  \n# no\n  \n\n", 2, 5, "# no"),
        ("[[shows]]\n\nx", 3, 2, "x"),
        ('a = "b', 1, 7, 'a = "b'),
        ("a = 1\na = 2\n", 2, 6, "a = 2"),
        ("=", 1, 1, "="),
    ],
)
def test_damage_is_where_it_shows(text: str, line: int, column: int, shown: str) -> None:
    with pytest.raises(NotToml) as caught:
        read(text.encode())
    found = caught.value.damage
    assert (found.line, found.column, found.text) == (line, column, shown)
    assert "(at" not in found.message


@pytest.mark.parametrize(
    ("message", "body", "place"),
    [
        ("nothing of a place", "a\nb", (1, 1, "a")),
        ("bad (at line 2, column 3)", "a\nbcd\n", (2, 3, "bcd")),
        ("bad (at line 9, column 3)", "a\nbcd\n", (9, 3, "")),
        ("bad (at end of document)", "a\n bc \n\n", (2, 4, " bc ")),
        ("bad (at end of document)", "\n\n", (1, 1, "")),
        ("bad (at end of document)", "", (1, 1, "")),
    ],
)
def test_a_place_is_read_from_the_message(message: str, body: str, place: tuple[int, int, str]) -> None:
    found = damage(body, ValueError(message))
    assert (found.line, found.column, found.text) == place
    assert damage(body, ValueError(message)).message == message.partition(" (")[0]


@pytest.mark.parametrize(
    ("block", "good"),
    [
        (A, True),
        (f"# above\n\n{A}", True),
        (f"{A}[x]\n", True),
        (A + B, False),
        ("", False),
        ("x = 1\n", False),
        ("shows = 1\n", False),
        ("shows = [1]\n", False),
        ("[shows]\nx = 1\n", False),
        ("[[shows]]\nx = \n", False),
    ],
)
def test_a_block_holds_one_show(block: str, good: bool) -> None:
    if good:
        assert table_of(block) == {"id": "a"}
    else:
        with pytest.raises(ValueError, match=r"."):
            table_of(block)


@pytest.mark.parametrize("size", [1, 2, 3, 4, 7])
def test_bytes_that_are_no_text_are_found_in_whatever_slice(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(toml_parser, "_SLICE", size)
    for good in ("", "abc", "aé€𝄞b", "é" * 9, "𝄞"):
        check_utf8(good.encode())
        for bad in (b"\xff", b"\xc3", b"\xe2\x82", b"\xed\xa0\x80", b"\x80"):
            for data, at in ((good.encode() + bad, len(good.encode())), (bad + b"z" + good.encode(), 0)):
                with pytest.raises(UnicodeDecodeError) as caught:
                    check_utf8(data)
                assert caught.value.start == at


def test_comments_above_a_line_are_found_up_to_a_floor() -> None:
    text = "a = 1\n\n# one\n \t# two\nx\n"
    at = text.index("x")
    for body, start in ((text, at), (text.encode(), at)):
        assert with_comments(body, start, 0) == text.index("# one")
        assert with_comments(body, start, text.index(" \t#")) == text.index(" \t#")
        assert with_comments(body, start, start) == start
        assert with_comments(body, text.index("\n\n") + 1, 0) == text.index("\n\n") + 1
    assert with_comments("# a\n# b\nx", 8, 0) == 0
    assert with_comments("  # a\nx", 6, 2) == 2  # behind a mark


@pytest.mark.parametrize(
    ("text", "there"),
    [
        (f"{A}# c\n", True),
        (f"{A}# c", True),
        (f"{A}\n# c\n", True),
        (A, False),
        (f"{A}# c\n\n", False),
        (f'{A}x = """\n# no"""\n', False),
        (f'{A}x = """\n# no"""\n# c\n', True),
        ("# c\n", True),
        ("", False),
    ],
)
def test_it_is_told_whether_comments_at_the_end_would_go_to_what_follows(text: str, there: bool) -> None:
    assert ends_in_comment(text) is there


def test_the_line_end_is_that_of_the_first_line() -> None:
    for text, newline in (
        ("a\r\nb\n", "\r\n"),
        ("a\nb\r\n", "\n"),
        ("", "\n"),
        ("a", "\n"),
        ("\r\n", "\r\n"),
        ("\n", "\n"),
        ("\n\r", "\n"),
    ):
        assert Document.of(text.encode()).newline == newline


def test_no_part_is_empty() -> None:
    assert Document.of(b"").parts == ()
    assert Document.of(b"\xef\xbb\xbf").parts == ()
    assert [part.show for part in Document.of(b"ab", [(1, True)]).parts] == [False, True]
    assert [part.show for part in Document.of(b"ab", [(0, True)]).parts] == [True]
    assert [part.show for part in Document.of(b"ab", [(0, True), (2, True)]).parts] == [True]


# By syntax


def test_everything_has_its_place() -> None:
    text = (
        "# c\n\n a . 'b' . \"c\" = 1 # x\n[ t ] # y\r\n[[ t.\"u v\" ]]\nk = [ 1 , [2]\n, # z\n { x = 1, y.z = 'q' } ]\n"
    )
    items = list(scan(text))
    assert [(type(item), item.path) for item in items] == [
        (Statement, ("a", "b", "c")),
        (Header, ("t",)),
        (Header, ("t", "u v")),
        (Statement, ("k",)),
    ]
    assert [text[item.start : item.end] for item in items] == [
        " a . 'b' . \"c\" = 1 # x\n",
        "[ t ] # y\r\n",
        '[[ t."u v" ]]\n',
        text[text.index("k =") :],
    ]
    assert [item.array for item in items if isinstance(item, Header)] == [False, True]
    last = items[-1]
    assert isinstance(last, Statement)
    value = last.value
    assert (value.array, value.keys) == (True, None)
    assert [text[item.start : item.end] for item in value.items] == ["1", "[2]", "{ x = 1, y.z = 'q' }"]
    assert [item.array for item in value.items] == [False, True, False]
    assert value.items[2].keys is None  # where a key is dotted
    assert value.items[2].items == ()
    assert value.items[0] == value.items[0]._replace(items=(), keys=None, array=False)


def test_what_stands_close_together_is_told_apart() -> None:
    text = "\n\nx='a'\ny={a='b',c=[1,'d']}\n"
    first, second = scan(text)
    assert isinstance(first, Statement)
    assert isinstance(second, Statement)
    assert (first.start, second.start) == (2, 8)
    assert text[first.value.start : first.value.end] == "'a'"
    assert [text[item.start : item.end] for item in second.value.items] == ["'b'", "[1,'d']"]
    assert [text[item.start : item.end] for item in second.value.items[1].items] == ["1", "'d'"]
    (item,) = scan("\nx = 1\n")
    assert item.start == 1


def test_an_inline_table_has_its_keys_in_order() -> None:
    (item,) = scan("x = { b = 1, 'a c' = [1], }\n")
    assert isinstance(item, Statement)
    assert item.value.keys == ("b", "a c")
    assert len(item.value.items) == 2
    (item,) = scan("x = {}")
    assert isinstance(item, Statement)
    assert item.value.keys == ()


@pytest.mark.parametrize(
    "value",
    [
        *(
            '""',
            '"a\\"b"',
            "'a\"b'",
            '"""a"b""c"""',
            "'''a'b''c'''",
            '"""a\n"""',
            "'''a\n#'''",
            '""""a"""""',
            "''''a'''''",
        ),
        *(
            "1",
            "1.5",
            "true",
            "1979-05-27 07:32:00Z",
            "-inf",
            "[]",
            "[ ]",
            "[\n]",
            "[1,]",
            "{}",
            '"#"',
            "'#'",
            '"""\\""""',
        ),
    ],
)
def test_a_value_ends_where_it_does(value: str) -> None:
    for rest in ("\n", " # c\n", "", "\r\n", " \t\r\n"):
        (item,) = scan(f"x = {value}{rest}")
        assert isinstance(item, Statement)
        assert (item.value.start, item.value.end) == (4, 4 + len(value))
        assert item.end == len(f"x = {value}{rest}")


@pytest.mark.parametrize(
    "text",
    [
        "x",
        "x 1",
        "= 1",
        "x = ",
        "[x",
        "[[x]",
        "[]",
        "x = [1",
        "x = {a}",
        "x = 'a",
        'x = """a',
        "a. = 1",
        "x 12",
        "x = [[] []]",
        "x = ['a' 'b']",
        "x = { a 12 }",
        "x = { a = 'b' c = 'd' }",
    ],
)
def test_what_is_no_toml_is_not_laid_out(text: str) -> None:
    with pytest.raises(Unreadable):
        list(scan(text))


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("[a]", (("a",), False)),
        (" \t[[a]]", (("a",), True)),
        ("[a.b.'c d']  ", (("a", "b", "c d"), False)),
        ("[a] # c", (("a",), False)),
        ("[a]# c", (("a",), False)),
        ("[a]\r", (("a",), False)),
        ("[a] b", None),
        ("[a]]", None),
        ("[[a]", None),
        ("[a", None),
        ("[1, 2]", None),
        ("[]", None),
        ('["a", "b"],', None),
        ('["\\q"]', None),
    ],
)
def test_a_line_that_looks_like_a_header_is_one_or_none(line: str, found: object) -> None:
    assert header_of(line) == found


def test_a_mark_is_no_part_of_the_first_line() -> None:
    assert [part.data for part in quick_cut(b"\xef\xbb\xbf" + A.encode()).parts] == [A.encode()]
    assert [part.data for part in quick_cut(b"\xef\xbb\xbf \t" + A.encode()).parts] == [b" \t" + A.encode()]

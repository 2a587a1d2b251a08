"""What a terminal sends, byte by byte: keys and pastes arrive, replies and rubbish do nothing."""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from textual import events
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual._keyboard_protocol import FUNCTIONAL_KEYS
from textual._xterm_parser import XTermParser
from textual.events import Key, Paste
from textual.message import Message
from textual.messages import InBandWindowResize, TerminalSupportsSynchronizedOutput

from watchlist.tui.compat.terminal_input import (
    PASTE_END,
    PASTE_START,
    STRING_WAIT,
    UNMARKED_WAIT,
    TerminalInput,
    UnfinishedPaste,
)
from watchlist.tui.paste_limits import LONGEST_PASTE


class Wire:
    """A parser with a clock that a test sets; takes bytes as the driver reads them."""

    def __init__(self) -> None:
        self.time = 0.0
        self.parser = TerminalInput(clock=lambda: self.time)
        self._decode = codecs.getincrementaldecoder("utf-8")("surrogateescape").decode

    def send(self, *reads: bytes) -> list[Message]:
        return [message for data in reads for message in self.parser.feed(self._decode(data))]

    def wait(self, seconds: float = STRING_WAIT) -> list[Message]:
        self.time += seconds
        return list(self.parser.tick())


def keys(messages: Sequence[Message]) -> list[str]:
    assert all(isinstance(message, Key) for message in messages), messages
    return [message.key for message in messages if isinstance(message, Key)]


def sent(*reads: bytes) -> list[str]:
    """The keys that these reads are, and what is left of them after a while."""
    wire = Wire()
    return keys([*wire.send(*reads), *wire.wait()])


# What terminals send without being asked by us: none of it is a key.
REPLIES = {
    "kitty keyboard flags": b"\x1b[?1u",
    "kitty keyboard push": b"\x1b[>1u",
    "kitty keyboard set": b"\x1b[=5;1u",
    "private with a letter": b"\x1b[>1d",
    "secondary attributes": b"\x1b[>1;4601;0c",
    "primary attributes": b"\x1b[?62;1;4c",
    "status": b"\x1b[0n",
    "cursor": b"\x1b[24;80R",
    "mode": b"\x1b[?1049;1$y",
    "ANSI mode": b"\x1b[4;2$y",
    "intermediates": b"\x1b[1 q",
    "two intermediates": b'\x1b[1!"d',
    "parameters after intermediates": b"\x1b[1 2d",
    "a letter that takes no number": b"\x1b[100A",
    "a number that is no key": b"\x1b[100~",
    "unknown final": b"\x1b[g",
    "number and unknown final": b"\x1b[5d",
    "twelve digits": b"\x1b[123456789012u",
    "no character": b"\x1b[1114112u",
    "five thousand digits": b"\x1b[" + b"9" * 5000 + b"u",
    "many parameters": b"\x1b[" + b"1;" * 5000 + b"d",
    "window size": b"\x1b[8;36;120t",
    "colons": b"\x1b[1:2:3d",
    "key release": b"\x1b[100;1:3u",
    "colour by ST": b"\x1b]11;rgb:dddd/dddd/dddd\x1b\\",
    "colour by BEL": b"\x1b]10;rgb:dddd/dddd/dddd\x07",
    "clipboard": b"\x1b]52;c;ZGRkZGQ=\x07",
    "version": b"\x1bP>|kitty(0.32) dud\x1b\\",
    "version with BEL": b"\x1bPd\x07d\x1b\\",
    "string that is cancelled": b"\x1bPddd\x18",
    "string that is substituted": b"\x1b_ddd\x1a",
    "APC": b"\x1b_Gi=31;OK dud\x1b\\",
    "PM": b"\x1b^dud\x1b\\",
    "SOS": b"\x1bXdud\r\n\t\x1b\\",
    "SS2": b"\x1bNd",
    "SS3": b"\x1bOZ",
    "SS3 with a number": b"\x1bO5d",
    "stray ST": b"\x1b\\",
    "stray end of a paste": b"\x1b[201~",
    "old mouse report": b"\x1b[M dd",
    "old mouse report far right": b"\x1b[M \xe9\xff",
    "old mouse report of two bytes that are a character": b"\x1b[Md\xc3\xa9d",
    "urxvt mouse report": b"\x1b[32;10;10M",
    "mouse report outside": b"\x1b[<0;-5;3M",
    "8 bits: CSI": b"\xc2\x9b>1d",
    "8 bits: DCS and ST": b"\xc2\x90ddd\xc2\x9c",
    "8 bits: OSC": b"\xc2\x9dddd\x07",
    "8 bits: APC": b"\xc2\x9fddd\xc2\x9c",
    "8 bits: PM": b"\xc2\x9eddd\xc2\x9c",
    "8 bits: SOS": b"\xc2\x98ddd\xc2\x9c",
    "8 bits: SS2": b"\xc2\x8ed",
    "8 bits: SS3": b"\xc2\x8fZ",
    "8 bits: others": b"\xc2\x84\xc2\x85\xc2\x8d",
    "a bare byte: CSI": b"\x9b>1d",
    "a bare byte: DCS and ST": b"\x90ddd\x9c",
    "a bare byte: APC": b"\x9fddd\x1b\\",
    "cut": b"\x1b[",
    "cut in a number": b"\x1b[12",
    "cut in a private number": b"\x1b[>1;",
    "cut before its final": b"\x1b[?2026;2$",
    "string without an end": b"\x1bPddd",
    "colour without an end": b"\x1b]11;rgb:dddd",
    "old mouse report that is cut": b"\x1b[M d",
}


@pytest.mark.parametrize("reply", REPLIES.values(), ids=REPLIES)
def test_B13_T10_a_reply_of_a_terminal_is_no_key(reply: bytes) -> None:
    assert sent(reply) == []
    torn = [reply[at : at + 1] for at in range(len(reply))]
    assert sent(*torn) == []
    wire = Wire()
    wire.send(reply)
    wire.wait()
    assert keys(wire.send(b"jk")) == ["j", "k"]  # and the keys after it are keys again


@pytest.mark.parametrize("reply", [r for name, r in REPLIES.items() if "cut" not in name and "without" not in name])
def test_B13_keys_right_behind_a_reply_are_keys(reply: bytes) -> None:
    assert sent(b"g" + reply + b"jk") == ["g", "j", "k"]


def test_B13_escape_cancels_a_sequence_and_begins_the_next() -> None:
    assert sent(b"\x1b[12\x1b[A") == ["up"]
    assert sent(b"\x1bPddd\x1b[B") == ["down"]
    assert sent(b"\x1b[12\x18j") == ["j"]
    assert sent(b"\x1bOZ\x1b[12\rj") == ["enter", "j"]


def test_B13_a_string_that_comes_in_pieces_is_waited_for() -> None:
    wire = Wire()
    assert wire.send(b"\x1bP>|kit") == []
    for piece in (b"dud", b" d", b"\x1b"):
        assert wire.wait(STRING_WAIT * 0.9) == []
        assert wire.send(piece) == []
    assert wire.wait(STRING_WAIT * 0.9) == []
    assert keys(wire.send(b"\\j")) == ["j"]


def test_B13_of_a_string_without_an_end_nothing_is_kept() -> None:
    wire = Wire()
    wire.send(b"\x1b]52;c;")
    for _ in range(1000):
        assert wire.send(b"d" * 4096) == []
    assert len(wire.parser._pending) < 10
    assert wire.send(b"\x07") == []


# Keys

# Textual reads these as one key; here ESC and a character are two.
TWO_KEYS = [s for s in ANSI_SEQUENCES_KEYS if len(s) == 2 and s[0] == "\x1b" and s[1] not in "\x7f\t"]
# And these as other keys than its own table says: CSI 62 ~ (scroll up) as >, CSI 1 ; 7 p as escape.
MISREAD = re.compile(r"\x1b\[(?:5[A-D]|6[23]~|~|1;[78][p-y])")
KNOWN = [
    *(s for s in ANSI_SEQUENCES_KEYS if s not in (*TWO_KEYS, "\x1b", "\x9b") and not MISREAD.fullmatch(s)),
    *(f"\x1b[{name}" for name in FUNCTIONAL_KEYS),
    *(f"\x1b[{name[:-1]};5{name[-1]}" for name in FUNCTIONAL_KEYS if name[-1] != "R"),
    *("\x1b[97u", "\x1b[97;5u", "\x1b[97;2;65u", "\x1b[97;;97u", "\x1b[0;;20013:25991u", "\x1b[13;3u", "\x1b[27u"),
]


def _textual(text: str) -> list[tuple[str, str | None]]:
    parser = XTermParser()
    return [(m.key, m.character) for m in [*parser.feed(text)] if isinstance(m, Key)]


@pytest.mark.parametrize("sequence", KNOWN)
def test_B13_every_key_that_textual_knows_is_still_one(sequence: str) -> None:
    wire = Wire()
    ours = [*wire.send(sequence.encode()), *wire.wait()]
    assert _textual(sequence) == [(message.key, message.character) for message in ours if isinstance(message, Key)]


def test_B13_a_key_without_a_final_character_is_one_when_nothing_follows() -> None:
    assert sent(b"\x1b[3$") == ["shift+delete"]
    assert sent(b"\x1b[3$y") == []


def test_B13_a_key_with_what_nobody_asked_for_is_the_key() -> None:
    assert sent(b"\x1b[97:65;1:1u") == ["a"]
    assert sent(b"\x1b[97;5:2u") == ["ctrl+a"]
    assert sent(b"\x1b[1;5:1A") == ["ctrl+up"]
    assert sent(b"\x1b[27;5;109~") == ["ctrl+m"]


def test_B13_questions_of_textual_are_answered() -> None:
    one, two = Wire().send(b"\x1b[?2026;2$y\x1b[?2048;1$y")
    assert isinstance(one, TerminalSupportsSynchronizedOutput)
    assert isinstance(two, InBandWindowResize)
    focus, blur = Wire().send(b"\x1b[I\x1b[O")
    assert isinstance(focus, events.AppFocus)
    assert isinstance(blur, events.AppBlur)


def test_B13_the_mouse_and_the_size_of_the_window_are_reported() -> None:
    wire = Wire()
    down, up, wheel = wire.send(b"\x1b[<0;5;3M\x1b[<0;5;3m\x1b[<64;5;3M")
    assert isinstance(down, events.MouseDown)
    assert (down.x, down.y) == (4, 2)
    assert isinstance(up, events.MouseUp)
    assert isinstance(wheel, events.MouseScrollUp)
    (size,) = wire.send(b"\x1b[48;40;120;800;1200t")
    assert isinstance(size, events.Resize)
    assert size.size == (120, 40)
    (down,) = wire.send(b"\x1b[<0;51;41M")  # in pixels from now on
    assert isinstance(down, events.MouseDown)
    assert (down.x, down.y) == (5, 2)


@pytest.mark.parametrize("size", ["0;0;0;0", "99999;120;1;1", "40;99999;1;1", "40;0;1;1"])
def test_B2_a_size_that_no_window_has_is_ignored(size: str) -> None:
    assert Wire().send(f"\x1b[48;{size}t".encode()) == []


def test_B2_a_window_without_pixels_still_has_a_mouse() -> None:
    _, mouse = Wire().send(b"\x1b[48;40;120;0;0t\x1b[<0;5;3M")
    assert isinstance(mouse, events.MouseDown)


LETTERS = [c for c in map(chr, range(0x20, 0x7F)) if c not in "[]^_\\"] + ["é", "千"]


@pytest.mark.parametrize("letter", LETTERS)
def test_B8_esc_and_a_letter_in_one_read_are_two_keys(letter: str) -> None:
    wire = Wire()
    escape, key = [*wire.send(f"\x1b{letter}".encode()), *wire.wait()]
    assert isinstance(escape, Key)
    assert isinstance(key, Key)
    assert (escape.key, key.character) == ("escape", letter)
    assert not key.key.startswith("alt")


def test_B8_esc_before_a_real_sequence_is_a_key_too() -> None:
    assert sent(b"\x1b\x1b[A") == ["escape", "up"]
    assert sent(b"\x1b\x1b\x1b") == ["escape"] * 3
    assert sent(b"\x1b\r") == ["escape", "enter"]
    assert sent(b"\x1b\x1b]11;rgb:dd/dd/dd\x07d") == ["escape", "d"]


def test_B8_a_lone_esc_is_a_key_at_the_first_look() -> None:
    wire = Wire()
    assert wire.send(b"\x1b") == []
    assert keys(wire.wait(0.1)) == ["escape"]
    assert keys(wire.send(b"[A")) == ["left_square_bracket", "A"]
    assert sent(b"\x1b", b"[A") == ["up"]  # torn, but in time


# Bytes


def test_B2_bytes_that_are_not_utf8_are_replaced() -> None:
    wire = Wire()
    assert [m.character for m in wire.send(b"a\xffb\xe9c\xc3") if isinstance(m, Key)] == list("a�b�c")
    assert [m.character for m in wire.send(b"d") if isinstance(m, Key)] == list("�d")
    (paste,) = wire.send(b"\x1b[200~Am\xe9lie \x9b31m\xff\x1b[201~")
    assert isinstance(paste, Paste)
    assert paste.text == "Am�lie �31m�"


def test_B2_a_character_torn_between_two_reads_is_whole() -> None:
    wire = Wire()
    assert [m.character for m in wire.send(b"\xe5\x8d", b"\x83") if isinstance(m, Key)] == ["千"]


JUNK = st.lists(
    st.one_of(
        st.binary(max_size=8),
        st.sampled_from([*REPLIES.values(), b"\x1b[200~", b"\x1b[201~", b"\x1b", b"\x1b[48;1;1;1;1t", b"\x1b[<0;1;1M"]),
        st.text(max_size=5).map(lambda text: text.encode("utf-8", "surrogatepass")),
        st.text("0123456789;:<=>?[]PX^_NO$ ~uRtAMymd\x1b", max_size=12).map(str.encode),
    ),
    max_size=12,
)


def _shape(messages: list[Message]) -> list[object]:
    merged: list[object] = []
    for message in messages:
        match message:
            case Key():
                merged.append((message.key, message.character))
            case Paste():
                merged.append(message.text)
            case _:
                merged.append(type(message))
    return merged


@given(JUNK, st.lists(st.integers(0, 200), max_size=10))
def test_B2_any_bytes_are_read_and_mean_the_same_however_they_are_torn(junk: list[bytes], cuts: list[int]) -> None:
    data = b"".join(junk)
    wire, torn = Wire(), Wire()
    whole = [*wire.send(data), *wire.wait()]
    edges = [0, *sorted(cut for cut in cuts if cut < len(data)), len(data)]
    pieces = [data[start:stop] for start, stop in pairwise(edges)]
    assert _shape([*torn.send(*pieces), *torn.wait()]) == _shape(whole)
    assert keys([*wire.send(b"\x18j")][-1:]) == ["j"]  # CAN: whatever it was has ended


# Pastes


@given(
    st.text(st.sampled_from("ab\x1b[201~]52;c\x07\r\n\x9b")),
    st.lists(st.integers(6, 60), max_size=4),
    st.sampled_from(("", "q")),
)
def test_X02_of_a_paste_nothing_is_a_key_however_it_is_torn(text: str, cuts: list[int], key: str) -> None:
    assume(PASTE_END not in text + PASTE_END[:-1])
    all_sent = f"{PASTE_START}{text}{PASTE_END}{key}"
    parser, seen, start = TerminalInput(), list[object](), 0
    for cut in (*sorted(cuts), len(all_sent)):
        if part := all_sent[start:cut]:
            seen += parser.feed(part)
            start = cut
    assert [event.text for event in seen if isinstance(event, Paste)] == [text.replace("\x1b", "␛")]
    assert [event.key for event in seen if isinstance(event, Key)] == list(key)


def test_X02_a_paste_ends_in_the_bits_that_it_began_in() -> None:
    (paste,) = Wire().send(b"\x1b[200~a\xc2\x9b201~d\x1b[201~")
    assert isinstance(paste, Paste)
    assert paste.text == "a\x9b201~d"
    (paste, _) = Wire().send(b"\xc2\x9b200~a\x1b[201~b\xc2\x9b201~j")
    assert isinstance(paste, Paste)
    assert paste.text == "a␛[201~b"


def test_B13_a_paste_without_an_end_does_nothing_and_says_so() -> None:
    wire = Wire()
    assert wire.send(b"\x1b[200~ddd") == []
    assert wire.wait(STRING_WAIT / 2) == []
    assert wire.send(b"ddd\x1b[201") == []
    assert wire.wait(STRING_WAIT / 2) == []
    assert [type(message) for message in wire.wait(STRING_WAIT / 2)] == [UnfinishedPaste]
    assert keys(wire.send(b"j")) == ["j"]


def _pastes(messages: Sequence[Message]) -> list[str]:
    return [message.text for message in messages if isinstance(message, Paste)]


BEFORE_TEXT = [b"", b"\x0c", b"\x7f", b"\x1b", b"\x07ab\x0c", b"\x1b[I", b"\x1b[<35;2;15M", b"\x1b]11;rgb:0/0/0\x07"]


@pytest.mark.parametrize("before", BEFORE_TEXT)
@pytest.mark.parametrize("text", ["d\n" * 1000, "d\r\n" * 1000, "三体 é\t" * 300], ids=["LF", "CRLF", "wide"])
def test_B13_a_paste_whose_start_was_lost_is_no_key(text: str, before: bytes) -> None:
    """As when the program is suspended, and the terminal's line is emptied, just when a paste begins."""
    wire = Wire()
    messages = wire.send(before + text[:1500].encode(), text[1500:].encode(), b"end\x1b[201~j")
    assert _pastes(messages) == [text + "end"]
    pressed = [message.key for message in messages if isinstance(message, Key)]
    assert pressed[-1] == "j"
    assert not {"d", "tab", "enter", "ctrl+j"} & set(pressed)
    assert wire.wait() == []


def test_B13_a_long_text_of_a_terminal_that_marks_no_pastes_ends_when_nothing_follows() -> None:
    wire = Wire()
    assert wire.send(b"d\n" * 600) == []
    assert wire.wait(UNMARKED_WAIT / 2) == []
    assert wire.send(b"last line") == []
    assert _pastes(wire.wait(STRING_WAIT / 2)) == ["d\n" * 600 + "last line"]
    assert keys(wire.send(b"j")) == ["j"]


def test_B13_the_rest_of_a_paste_that_was_given_up_is_no_key() -> None:
    wire = Wire()
    wire.send(b"\x1b[200~", b"d\n" * 2000)
    assert [type(message) for message in wire.wait()] == [UnfinishedPaste]
    assert _pastes(wire.send(b"d\n" * 2000, b"\x1b[201~")) == ["d\n" * 2000]


@pytest.mark.parametrize("control", [b"\x01", b"\x1b", b"\0", b"\x7f", "\x9b".encode(), b"\x1b[31m"])
def test_B13_a_control_in_text_without_a_mark_does_not_end_it(control: bytes) -> None:
    wire = Wire()
    (paste,) = [*wire.send(b"word " * 120 + control + b"ddd u" * 20, control + b"d" * 100), *wire.wait()]
    assert isinstance(paste, Paste)
    assert paste.text.count("d") >= 279
    assert keys(wire.send(b"j")) == ["j"]


def test_B13_a_key_after_text_without_a_mark_ends_it() -> None:
    wire = Wire()
    wire.send(b"word " * 120)
    paste, down = wire.send(b"\x1b[B")
    assert isinstance(paste, Paste)
    assert keys([down]) == ["down"]


def test_B13_a_key_that_is_held_down_and_much_that_was_typed_are_keys() -> None:
    assert sent(b"j" * 150) == ["j"] * 150
    assert sent(b"\x1b[B" * 1000) == ["down"] * 1000
    assert sent(b"\x7f" * 2000) == ["backspace"] * 2000


def test_B8_of_a_paste_that_is_too_long_no_more_is_kept_than_shows_that() -> None:
    wire = Wire()
    wire.send(PASTE_START.encode(), *[b"x" * 4096] * 2560)
    (paste,) = wire.send(PASTE_END.encode())
    assert isinstance(paste, Paste)
    assert LONGEST_PASTE < len(paste.text) < LONGEST_PASTE + 5000
    (paste,) = wire.send(PASTE_START.encode() + b"short" + PASTE_END.encode())
    assert isinstance(paste, Paste)
    assert paste.text == "short"

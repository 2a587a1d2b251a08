"""TerminalInput: a parser that turns terminal input into keys, pastes and mouse events, and drops everything else.

Long text that arrives at once is a paste too, even if the terminal has not marked it as one.

Textual handles the characters of an unknown sequence as keys: the terminal's reply `ESC [ > 1 d` would remove a show.
This parser first reads every control sequence of ECMA-48 (CSI, SS2, SS3, and the strings DCS, SOS, OSC, PM and APC, in
their 7-bit and 8-bit forms) to its end. Then it passes on keys, mouse reports and the replies that Textual asked for.

Private names in use: `textual._xterm_parser` with `XTermParser._sequence_to_key_events`. If a name is missing,
importing this module fails, and `terminal_driver` leaves Textual's parser in place.
"""

from __future__ import annotations

import codecs
import re
import time
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Final

from textual import constants, events, messages
from textual._xterm_parser import IS_ITERM, XTermParser
from textual.keys import Keys
from textual.message import Message

from watchlist.sanitize import safe
from watchlist.tui.paste_limits import LONGEST_PASTE

XTermParser._sequence_to_key_events  # noqa: B018 - fails at import, not at the first key

LARGEST_SCREEN: Final = 2000  # columns or rows; reports of larger screens are ignored

# Seconds without input after which an unfinished sequence is given up. Textual calls `tick` every 0.1 s: ESCAPE_WAIT is
# slightly shorter, so that a lone ESC becomes a key at the first call. STRING_WAIT is long, because the rest of a
# string or paste that is given up too early acts as keys.
ESCAPE_WAIT: Final = constants.ESCAPE_DELAY * 0.9
SEQUENCE_WAIT: Final = 0.5
STRING_WAIT: Final = 1.0  # for control strings and pastes

ESC: Final = "\x1b"
PASTE_START, PASTE_END = "\x1b[200~", "\x1b[201~"
FOCUS_IN, FOCUS_OUT = "\x1b[I", "\x1b[O"
CHORDS = ("\x1b\x7f", "\x1b\t")  # alt+backspace and alt+tab; before other characters, ESC is a separate key
STRING_TERMINATOR = "\x1b\\"
STRINGS = frozenset("PX]^_")  # the characters after ESC that introduce DCS, SOS, OSC, PM and APC
INTRODUCERS = STRINGS | frozenset("[NO")
# Maps each 8-bit C1 control to the character after ESC in its 7-bit form. The decoder turns a lone byte that is not
# UTF-8 into a surrogate, so each control has two keys.
EIGHT_BITS = {chr(base + code): chr(code - 0x40) for code in range(0x80, 0xA0) for base in (0, 0xDC00)}
LONGEST_SEQUENCE = 4096  # characters; a longer unfinished sequence is dropped
# Text without a control sequence that arrives at once is a paste if it is this long, because nobody types that fast. Its
# start mark is missing if the terminal does not mark pastes, or if the mark was lost while the program was suspended.
SHORTEST_UNMARKED_PASTE = 200  # characters
LONGEST_KEYS = 64  # characters; longer input goes on with such a paste, whatever is in it
UNMARKED_WAIT: Final = 0.15  # seconds without input after which it ends
UNKNOWN = "\x1b[="  # replaces a longer unfinished sequence, which is then dropped at its end

_PARAMETERS = re.compile(r"[ -?]*")
_SS_PARAMETERS = re.compile(r"[\d;]*")
_TEXT = re.compile("[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\udc80-\udc9f]*")  # no controls except tabs and line ends
_STRING_END = re.compile("[\x18\x1a\x9c\udc9c]|\x1b\\\\|\x1b(?=[^\\\\])")
_OSC_END = re.compile("\x07|" + _STRING_END.pattern)
_NOT_UTF8 = re.compile("[\ud800-\udfff]")

_MOUSE = re.compile(r"\x1b\[<\d{1,5};-?\d{1,5};-?\d{1,5}[Mm]")
_RESIZE = re.compile(r"\x1b\[48;(\d{1,5})[\d:]*;(\d{1,5})[\d:]*;(\d{1,6})[\d:]*;(\d{1,6})[\d:]*t")
_MODE = re.compile(r"\x1b\[\?(2026|2048);([0-4])\$y")
# Groups: number, modifiers, event type, text and final character of a key. Source:
# https://sw.kovidgoyal.net/kitty/keyboard-protocol/
_KEY = re.compile(r"\x1b\[(\d{0,7})(?::[\d:]*)?(?:;(\d{0,3})(?::(\d))?)?(?:;([\d:]*))?([u~A-HP-S])")
_OTHER_KEY = re.compile(  # keys of the Linux console, rxvt and mintty
    r"\x1b(?:\[\[[A-E]|\[[A-Za-z]|\[\d{1,2}[\^$@]|\[1;[56][p-y]|O.|[\x7f\t])"
)
_RELEASED = "3"  # event type
# Numbers of the keys whose sequence ends in `~`.
_TILDE_KEYS = frozenset((*range(1, 9), *range(11, 16), *range(17, 22), *range(23, 27), 28, 29, *range(31, 35), 57427))
_MODIFY_OTHER_KEYS = 27  # xterm: CSI 27 ; modifiers ; character ~


class UnfinishedPaste(Message):
    """Posted when a paste is dropped because its end mark did not arrive."""


class TerminalInput(XTermParser):
    """Textual's input parser, except that unknown sequences are dropped: they are not handled as keys.

    `feed` expects text that was decoded with the error handler `surrogateescape`.
    """

    def __init__(self, debug: bool = False, *, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(debug)
        self._clock = clock
        self._last_input = 0.0  # time of the last input, in seconds of the clock
        self._pending = ""  # an unfinished sequence; in a paste, a possible beginning of its end mark
        self._paste: list[str] | None = None  # the parts of an unfinished paste; None outside pastes
        self._paste_end = ""
        self._paste_length = 0  # characters in `_paste`
        self._marked = True  # False if the current paste has no start mark

    def feed(self, data: str) -> Iterable[Message]:
        """Parse terminal input. Return the messages (keys, pastes, mouse events) of all sequences that are now complete."""
        self._last_input = self._clock()
        return list(self._messages(data)) if data else ()

    def tick(self) -> Iterable[Message]:
        """Give up a sequence or paste whose rest does not arrive, and return its messages. Textual calls this every 0.1 s."""
        if not self._pending and self._paste is None:
            return ()
        if self._paste is not None:
            wait = STRING_WAIT if self._marked else UNMARKED_WAIT
        elif self._pending[1:2] in STRINGS:
            wait = STRING_WAIT
        else:
            wait = ESCAPE_WAIT if self._pending == ESC else SEQUENCE_WAIT
        return list(self._give_up()) if self._clock() - self._last_input >= wait else ()

    def _give_up(self) -> Iterator[Message]:
        pending, pasting = self._pending, self._paste is not None
        self._pending = ""
        if pasting:
            self._add_to_paste(pending)
            yield UnfinishedPaste() if self._marked else self._pasted()
            self._paste = None
        elif pending == ESC or (len(pending) > 2 and pending.endswith(ESC)):
            yield _escape()
        elif len(pending) == 2 and pending[1].isalpha():  # ESC and a key that could have introduced a sequence
            yield _escape()
            yield from self._keys(pending[1])
        else:
            yield from self._sequence(pending)  # some keys of rxvt have no final character, e.g. CSI 3 $

    def _messages(self, data: str) -> Iterator[Message]:
        text, at = self._pending + data, 0
        self._pending = ""
        text_may_begin = True
        if self._paste is not None and not self._marked and _is_key(data):
            yield self._pasted()
        while at < len(text):
            if text_may_begin and self._paste is None and _end_of_text(text, at) - at >= SHORTEST_UNMARKED_PASTE:
                self._paste, self._paste_length, self._marked = [], 0, False
                self._paste_end = PASTE_END
            if self._paste is not None:
                stop = text.find(self._paste_end, at)
                if stop < 0:
                    self._pending = _suffix_that_begins(self._paste_end, text[at:])
                    self._add_to_paste(text[at : len(text) - len(self._pending)])
                    return
                self._add_to_paste(text[at:stop])
                at = stop + len(self._paste_end)
                yield self._pasted()
            elif (end := _end_of_token(text, at)) is None:
                self._pending = _shortened(_in_7_bits(text[at:]))
                return
            else:
                token, at = text[at:end], end
                text_may_begin = _end_of_text(token, 0) == 0
                yield from self._token(token)

    def _add_to_paste(self, text: str) -> None:
        """Append `text` to the current paste. Text beyond LONGEST_PASTE is dropped, because such a paste will be refused."""
        if self._paste is not None and self._paste_length <= LONGEST_PASTE:
            self._paste.append(text)
            self._paste_length += len(text)

    def _pasted(self) -> events.Paste:
        text, self._paste = "".join(self._paste or ()), None
        return events.Paste(_NOT_UTF8.sub("�", text).replace("\0", "").replace(ESC, safe(ESC)))

    def _token(self, token: str) -> Iterable[Message]:
        """Return the messages of one character or one complete control sequence."""
        if (sequence := _in_7_bits(token)) == PASTE_START:
            # The end mark has the form of the start mark, 7-bit or 8-bit: the other form may be part of the text.
            self._paste, self._paste_length, self._marked = [], 0, True
            self._paste_end = token.replace("200~", "201~")
            return ()
        if len(token) > 1:
            return self._sequence(sequence)
        if token == ESC:
            return (_escape(),)
        return () if token in EIGHT_BITS else self._keys(_NOT_UTF8.sub("�", token))

    def _sequence(self, sequence: str) -> Iterable[Message]:
        """Return the messages of a complete sequence that begins with ESC. An unknown sequence has no messages."""
        if sequence in (FOCUS_IN, FOCUS_OUT):
            return (events.AppFocus() if sequence == FOCUS_IN else events.AppBlur(),)
        if _MOUSE.fullmatch(sequence):
            mouse = self.parse_mouse_code(sequence)
            return (mouse,) if mouse is not None else ()
        if size := _RESIZE.fullmatch(sequence):
            return self._resized(*map(int, size.groups()))
        if mode := _MODE.fullmatch(sequence):
            return _mode(mode[1], int(mode[2]))
        if key := _KEY.fullmatch(sequence):
            return self._keys(_plain_key(*key.groups("")))
        return self._keys(sequence) if _OTHER_KEY.fullmatch(sequence) else ()

    def _resized(self, rows: int, columns: int, height: int, width: int) -> Iterable[Message]:
        if not (1 <= rows <= LARGEST_SCREEN and 1 <= columns <= LARGEST_SCREEN):
            return ()
        event = events.Resize.from_dimensions((columns, rows), (width, height))
        self.terminal_size, self.terminal_pixel_size = event.size, event.pixel_size
        self.mouse_pixels = width > 0 and height > 0
        return (event,)

    def _keys(self, sequence: str) -> Iterable[Message]:
        """Return the key events that Textual derives from a character or a sequence."""
        try:
            keys = list(self._sequence_to_key_events(sequence)) if sequence else []
        except (ValueError, OverflowError):  # a number that is not a code point
            return ()
        return [key for key in keys if key.key != Keys.Ignore]


def _end_of_text(text: str, at: int) -> int:
    """Return the index of the first control character in `text` at or after the index `at`; `len(text)` if there is none."""
    return _TEXT.match(text, at).end()  # type: ignore[union-attr]  # matches everywhere


def _is_key(data: str) -> bool:
    """Return True if the input that was read at once begins with a key that is no text, and is too short for a paste."""
    is_end = PASTE_END.startswith(data[: len(PASTE_END)])
    return len(data) <= LONGEST_KEYS and _end_of_text(data, 0) == 0 and not is_end


def _end_of_token(text: str, at: int) -> int | None:
    """Return the index after the character or sequence that begins at index `at`; None if it is unfinished."""
    if text[at] == ESC:
        if at + 1 == len(text):
            return None
        introducer, body = text[at + 1], at + 2
        if introducer not in INTRODUCERS:
            return body if text[at:body] in (*CHORDS, STRING_TERMINATOR) else at + 1
    else:
        introducer, body = EIGHT_BITS.get(text[at], ""), at + 1
        if introducer not in INTRODUCERS:
            return body
    if introducer == "[":
        return _end_of_csi(text, body)
    if introducer not in STRINGS:
        end = _SS_PARAMETERS.match(text, body).end()  # type: ignore[union-attr]  # matches everywhere
        return None if end == len(text) else end + (text[end] >= " ")
    match = (_OSC_END if introducer == "]" else _STRING_END).search(text, body)
    return None if match is None else match.start() if match[0] == ESC else match.end()


def _end_of_csi(text: str, body: int) -> int | None:
    """Return the index after the CSI sequence whose parameters begin at the index `body`; None if it is unfinished.

    A control character cancels the sequence. CAN and SUB are part of the cancelled sequence, other controls are not.
    """
    final = _PARAMETERS.match(text, body).end()  # type: ignore[union-attr]  # matches everywhere
    if final == len(text):
        return None
    if not "@" <= text[final] <= "~":
        return final + (text[final] in "\x18\x1a")
    # X10 mouse reports are CSI M and three characters; function keys of the Linux console are CSI [ and one character.
    more = {"M": 3, "[": 1}.get(text[final], 0) if final == body else 0
    for end in range(final + 1, final + 1 + more):
        if end == len(text):
            return None
        if text[end] < " ":
            return end
    return final + 1 + more


def _in_7_bits(sequence: str) -> str:
    """Return a sequence that begins with an 8-bit control in 7-bit form: `ESC [` for 0x9B. Other text is unchanged."""
    introducer = EIGHT_BITS.get(sequence[:1], "")
    return f"{ESC}{introducer}{sequence[1:]}" if introducer in INTRODUCERS else sequence


def _shortened(sequence: str) -> str:
    """Return an unfinished sequence, shortened if it is long. The input that ends the sequence also ends the short form."""
    if sequence[1:2] in STRINGS and len(sequence) > 2:
        return f"{sequence[:2]}?{ESC * sequence.endswith(ESC)}"
    return sequence if len(sequence) <= LONGEST_SEQUENCE else UNKNOWN


def _suffix_that_begins(mark: str, text: str) -> str:
    """Return the longest suffix of `text` that is a proper prefix of `mark`; empty if there is none."""
    return next((mark[:n] for n in range(len(mark) - 1, 0, -1) if text.endswith(mark[:n])), "")


def _plain_key(number: str, modifiers: str, event: str, text: str, final: str) -> str:
    """Return a sequence for a key press that Textual can parse, from the groups of _KEY; empty if it is not a key press.

    It is also empty for unknown numbers, because Textual would treat them as characters: `CSI 100 A` as key d.
    """
    if event == _RELEASED or (final == "R" and number and modifiers):  # CSI row ; column R is a cursor position
        return ""
    if final == "~" and number == str(_MODIFY_OTHER_KEYS):
        number, text, final = text, "", "u"
    if final == "~" and (not number or int(number) not in _TILDE_KEYS):
        return ""
    if final not in "u~" and number not in ("", "1"):
        return ""
    rest = f";{modifiers};{text}" if text else f";{modifiers}" if modifiers else ""
    return f"{ESC}[{number}{rest}{final}"


def _mode(mode: str, setting: int) -> Iterable[Message]:
    """Return Textual's messages for DECRPM, a terminal's report that `mode` has the state `setting`."""
    if mode == "2026":
        return (messages.TerminalSupportsSynchronizedOutput(),) if setting else ()
    if constants.SMOOTH_SCROLL and not IS_ITERM:
        return (messages.InBandWindowResize.from_setting_parameter(setting),)
    return ()


def _escape() -> events.Key:
    return events.Key("escape", ESC)


def lenient_decoder(encoding: str) -> Callable[[], codecs.IncrementalDecoder]:
    """Return a function that creates a decoder for `encoding`. Invalid bytes become lone surrogates instead of errors."""
    return partial(codecs.getincrementaldecoder(encoding), "surrogateescape")

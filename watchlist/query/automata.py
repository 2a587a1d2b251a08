r"""Searches for regular expressions in linear time: reads a text once and follows all ways through the pattern together.

A pattern is compiled to numbered steps. A state is an integer with one bit for each step that the text so far can have
reached; each character advances all steps that accept it. A position lies between two characters, or at an end of the
text; the anchors that hold there (`^`, `$`, `\b`) are an integer too, a combination of the bits START to EMPTY. The
method is Thompson's, described in Cox, "Regular Expression Matching Can Be Simple And Fast" (2007); bits as states are
from Baeza-Yates and Gonnet, "A New Approach to Text Searching" (1992).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

MAX_STEPS = 400  # maximum number of steps in a pattern
MAX_CACHED_STATES = 20_000  # maximum number of cached transitions; then the cache of the automaton is cleared
_CLASSES = {
    "CATEGORY_DIGIT": r"\d",
    "CATEGORY_NOT_DIGIT": r"\D",
    "CATEGORY_SPACE": r"\s",
    "CATEGORY_NOT_SPACE": r"\S",
    "CATEGORY_WORD": r"\w",
    "CATEGORY_NOT_WORD": r"\W",
}
# The properties of a position, one bit each: they are combined with `|`.
START, END, LAST_LINE, LINE_START, LINE_END, BOUNDARY, EMPTY = (1 << bit for bit in range(7))


class UnsupportedPattern(Exception):
    """Raised if a pattern needs features that automata lack: lookahead, lookbehind or references to groups."""


class PatternTooLarge(Exception):
    """Raised if a pattern has more than MAX_STEPS steps."""


def automaton(tree: Any) -> Automaton:
    """Compile `tree`, a regular expression as parsed by `re._parser`, to an automaton that can search texts.

    Raises:
        UnsupportedPattern: The pattern needs lookaround or references to groups.
        PatternTooLarge: The pattern has more than MAX_STEPS steps.
    """
    program = _Program(tree.state.flags)
    program.sequence(tree)
    return Automaton(program)


class _Program:
    """The numbered steps of a pattern. A step either accepts one character, or leads to other steps without reading one."""

    def __init__(self, flags: int) -> None:
        self.flags = flags & (re.IGNORECASE | re.DOTALL | re.ASCII)
        self.multiline = bool(flags & re.MULTILINE)
        self.letters: dict[int, str] = {}  # step -> pattern of the characters that it accepts
        self.jumps: dict[int, list[int]] = {}  # step -> steps that follow without a character
        self.places: dict[int, Callable[[int], bool]] = {}  # step -> test that the position must pass
        self.size = 0

    def sequence(self, items: Any) -> None:
        """Append the steps for `items`, the parsed items of a pattern in order. Raises the errors of `automaton`."""
        for name, value in items:
            self._item(str(name), value)

    def _step(self) -> int:
        if self.size >= MAX_STEPS:
            raise PatternTooLarge
        self.size += 1
        return self.size - 1

    def _item(self, name: str, value: Any) -> None:
        if name in ("LITERAL", "NOT_LITERAL"):
            self.letters[self._step()] = f"[{'^' * (name == 'NOT_LITERAL')}{_letter(value)}]"
        elif name == "ANY":
            self.letters[self._step()] = "."
        elif name == "IN":
            self.letters[self._step()] = f"[{''.join(map(_member, value))}]"
        elif name == "AT":
            self.places[self._step()] = self._place(str(value))
        elif name == "SUBPATTERN" and not value[1] and not value[2]:
            self.sequence(value[3])
        elif name == "BRANCH":
            self._branches(value[1])
        elif name in ("MAX_REPEAT", "MIN_REPEAT"):
            self._repeat(int(value[0]), value[1], value[2])
        else:
            raise UnsupportedPattern

    def _branches(self, branches: Sequence[Any]) -> None:
        ends = []
        for branch in branches[:-1]:
            fork = self._step()
            self.sequence(branch)
            ends.append(self._step())
            self.jumps[fork] = [fork + 1, self.size]
        self.sequence(branches[-1])
        for end in ends:
            self.jumps[end] = [self.size]

    def _repeat(self, low: int, high: Any, body: Any) -> None:
        for _ in range(low):
            self._body(body)
        if int(high) >= MAX_STEPS and str(high) == "MAXREPEAT":
            fork = self._step()
            self.sequence(body)
            self.jumps[self._step()] = [fork]
            self.jumps[fork] = [fork + 1, self.size]
            return
        forks = []
        for _ in range(int(high) - low):
            forks.append(self._step())
            self._body(body)
        for fork in forks:
            self.jumps[fork] = [fork + 1, self.size]

    def _body(self, body: Any) -> None:
        before = self.size
        self.sequence(body)
        if self.size == before:  # an empty body needs a step, so that loops around it have a target
            self.jumps[self._step()] = [self.size]

    def _place(self, name: str) -> Callable[[int], bool]:
        if name == "AT_BEGINNING":
            allowed = START | LINE_START if self.multiline else START
        elif name == "AT_END":
            allowed = END | LINE_END if self.multiline else END | LAST_LINE
        else:
            allowed = {"AT_BEGINNING_STRING": START, "AT_END_STRING": END, "AT_BOUNDARY": BOUNDARY}.get(name, 0)
        if name == "AT_NON_BOUNDARY":
            return lambda place: not place & (BOUNDARY | EMPTY)  # in an empty text `re` never matches \B
        if not allowed:
            raise UnsupportedPattern
        return lambda place: bool(place & allowed)


def _letter(code: int) -> str:
    return f"\\U{code:08x}"


def _member(item: Any) -> str:
    """Return one parsed item of a character set as pattern text. E.g. the set `[^a-z]` has the items `^` and `a-z`."""
    name, value = str(item[0]), item[1]
    if name == "NEGATE":
        return "^"
    if name == "LITERAL":
        return _letter(value)
    if name == "RANGE":
        return f"{_letter(value[0])}-{_letter(value[1])}"
    return _CLASSES[str(value)]


class Automaton:
    """A compiled pattern. A search follows all ways through the pattern at once, and caches where each character leads."""

    def __init__(self, program: _Program) -> None:
        self._program, self._done = program, 1 << program.size
        self._fits = {pattern: re.compile(pattern, program.flags) for pattern in set(program.letters.values())}
        self._jumping = sum(1 << step for step in (*program.jumps, *program.places))
        self._steps: dict[str, int] = {}  # character -> steps that accept it
        self._closures: dict[
            int, list[int]
        ] = {}  # properties of a position -> steps that follow each step without a character
        self._chunks: dict[
            tuple[int, int, int], int
        ] = {}  # (properties of a position, byte index, byte of a state) -> the same for eight steps
        self._next_states: dict[tuple[int, str, int], int] = {}

    def search(self, text: str) -> bool:
        """Return True if the pattern matches anywhere in the text."""
        places = self._places(text) if self._program.places else None
        place = places[0] if places else 0
        state = self._reached(0, place)
        next_states, done = self._next_states, self._done
        for index, letter in enumerate(text, 1):
            if state & done:
                return True
            if places:
                place = places[index]
            key = (state, letter, place)
            if (next_state := next_states.get(key)) is None:
                if len(next_states) >= MAX_CACHED_STATES:
                    next_states.clear()
                next_state = next_states[key] = self._reached((state & self._accepting(letter)) << 1, place)
            state = next_state
        return bool(state & done)

    def _places(self, text: str) -> list[int]:
        """Return, for each position in the text, the anchors that hold there: a combination of the bits START to EMPTY.

        A text of n characters has n + 1 positions, the first before its first character, the last after its end.
        """
        ascii = bool(self._program.flags & re.ASCII)
        words = [(letter.isalnum() or letter == "_") and (not ascii or letter.isascii()) for letter in text]
        places = [BOUNDARY * (a != b) for a, b in zip([False, *words], [*words, False], strict=True)]
        for index, letter in enumerate(text):
            if letter == "\n":
                places[index] |= LINE_END
                places[index + 1] |= LINE_START
        if text.endswith("\n"):
            places[-2] |= LAST_LINE
        places[0] |= START
        places[-1] |= END if text else END | EMPTY
        return places

    def _accepting(self, letter: str) -> int:
        """Return an integer with one bit set for each step that accepts the character `letter`."""
        if (steps := self._steps.get(letter)) is None:
            fitting = {pattern for pattern, compiled in self._fits.items() if compiled.fullmatch(letter)}
            steps = sum(1 << step for step, pattern in self._program.letters.items() if pattern in fitting)
            self._steps[letter] = steps
        return steps

    def _reached(self, state: int, place: int) -> int:
        """Return `state` with all steps added that can be reached without reading a character. Each step is one bit.

        Step 0 is always added, because a match can begin at any position. `place` has the anchors that hold at the
        position: a combination of the bits START to EMPTY.
        """
        reached = state | 1
        for index, byte in enumerate((reached & self._jumping).to_bytes(self._program.size // 8 + 1, "little")):
            if byte:
                chunk = self._chunks.get((place, index, byte))
                reached |= self._chunk(place, index, byte) if chunk is None else chunk
        return reached

    def _chunk(self, place: int, index: int, byte: int) -> int:
        if (closures := self._closures.get(place)) is None:
            closures = self._closures[place] = [self._closure(step, place) for step in range(self._program.size + 1)]
        reached = 0
        for bit in range(8):
            if byte >> bit & 1:
                reached |= closures[8 * index + bit]
        self._chunks[place, index, byte] = reached
        return reached

    def _closure(self, start: int, place: int) -> int:
        """Return the step `start` and all steps reached from it without reading a character, one bit for each step.

        `place` has the anchors that hold at the current position: a combination of the bits START to EMPTY.
        """
        program, closure, pending = self._program, 0, [start]
        while pending:
            step = pending.pop()
            if closure >> step & 1:
                continue
            closure |= 1 << step
            if step in program.jumps:
                pending += program.jumps[step]
            elif step in program.places and program.places[step](place):
                pending.append(step + 1)
        return closure

"""One value is changed in a file that a hand laid out: every byte outside of it is as it was."""

from __future__ import annotations

import math
import tomllib
from collections import Counter
from collections.abc import Callable
from datetime import date
from random import Random
from typing import Any, NamedTuple

import tomli_w

from tests.trust.conftest import Figure, Many
from tests.trust.work import spread
from watchlist.domain import edits
from watchlist.domain.edits import Assignment
from watchlist.domain.model import Show, Status
from watchlist.errors import Refused, StoreError
from watchlist.store.apply_changes import draft_deltas, replay
from watchlist.store.snapshot import parse_snapshot

WORDS = (
    "noir",
    "é",
    "三体",
    "👩‍🚀",
    "a # b",
    "[[shows]]",
    "x = 1",
    'say "hi"',
    "it's",
    "back\\slash",
    "]",
    "}",
    "",
    "tab\tbed",
)
COMMENTS = ("", "", " # mine", "\t#x = 'y'", "   # [[shows]]", ' # """', "  ")
BETWEEN = ("", "", "\n", "# a comment of its own\n", "\n\n# two\n# lines\n\n", "   \n")
FOREIGN = (
    '[[views]]\nname = "Tonight" # v\nquery = "status:planned"\n\n',
    "# of a plugin\n[plugin]\nx = [\n  1, # one\n]\n\n",
    '[other."a.b"]\ny = 0x10\n\n',
)
OWN = (
    "mood = 'blue'",
    "7.50 = 7.50",
    '"odd key" = { a.b = 1, c = "x" } # own',
    "where.is.it = 0x10",
    "big = 1_000",
    "on = true",
)


class Statement(NamedTuple):
    """A line of a show: what stands before its value, the value, and what stands after it."""

    key: str
    head: str
    value: str
    tail: str


class Block(NamedTuple):
    """The block of one show: what stands above, its header and statements, and its sub-tables."""

    id: str
    head: str
    lines: tuple[Statement, ...]
    rest: str


def _text(value: str, chance: Random) -> str:
    """One of the ways to spell a text."""
    ways = [tomli_w.dumps({"v": value})[4:-1], tomli_w.dumps({"v": value})[4:-1]]
    if "'" not in value and (value.isprintable() or value == "tab\tbed"):
        ways += [f"'{value}'", f"'''{value}'''"]
    if '"' not in value and "\\" not in value:
        ways.append(f'"""\n{value}"""')
    if value == "é":
        ways.append('"\\u00E9"')
    return chance.choice(ways)


def _texts(chance: Random) -> str:
    items = [_text(word, chance) for word in chance.sample(WORDS[:-2], chance.randrange(4))]
    if items and chance.random() < 0.4:
        note = chance.choice(["", " # item", "\n  # of its own"])
        return "[ # open\n" + "".join(f"  {item},{note}\n" for item in items) + "]"
    return f"[{chance.choice([',', ', ', ' , '])}]".replace(",", ",".join(items)) if not items else _line(items, chance)


def _line(items: list[str], chance: Random) -> str:
    space = chance.choice(["", " "])
    return f"[{space}{chance.choice([',', ', ', ' ,  ']).join(items)}{chance.choice(['', ','])}{space}]"


def _number(chance: Random, low: int, high: int) -> str:
    number = chance.randint(low, high)
    return chance.choice([str(number), str(number), hex(number), f"+{number}", oct(number), f"{number:_}"])


SPELLED: dict[str, Callable[[Random], str]] = {
    "year": lambda c: _number(c, 1900, 2020),
    "rating": lambda c: c.choice(["4", "4.0", "3.50", "5e-1", "+4.25", "11", "'no'"]),
    "platform": lambda c: _text(c.choice(WORDS), c),
    "runtime": lambda c: _number(c, 1, 300),
    "status": lambda c: c.choice(["'watched'", '"planned"', '"""watching"""']),
    "added": lambda c: c.choice(["2026-11-22", "1999-01-01"]),
    "tags": _texts,
    "genres": _texts,
    "notes": lambda c: c.choice(["'''\n# Heading\n[[shows]]\ntitle = 1\n'''", '"one line"', '"""\na\\\n   b"""']),
    "synopsis": lambda c: _text(c.choice(WORDS), c),
}
NEW: dict[str, Callable[[Random], Any]] = {
    "year": lambda c: c.choice([1888, 2001, None]),
    "rating": lambda c: c.choice([4.35, 0.5, 5.0, None]),
    "platform": lambda c: c.choice(["Netflix", "千と千尋", 'q"uote', "", "two  blanks"]),
    "runtime": lambda c: c.choice([46, 9999, None]),
    "status": lambda c: c.choice(list(Status)),
    "added": lambda c: c.choice([date(2020, 2, 29), None]),
    "tags": lambda c: tuple(c.sample(["noir", "é", "new", 'q"', "x, y", "三体"], c.randrange(4))),
    "genres": lambda c: tuple(c.sample(["noir", "Drama", "a # b"], c.randrange(3))),
    "notes": lambda c: c.choice(["", "new\nlines\n", "[[shows]]\n# x", "\r\n cr"]),
    "synopsis": lambda c: c.choice(["", "One line.", '"""', "'''"]),
}
RESTS = (
    "",
    "",
    "[shows.mine]\ndeep = [1, 2] # d\n",
    '[[shows.seasons]] # s\nnumber = 1\nwatched = "1-3"\n\n[[shows.viewings]]\ndate = 2025-01-02\nreview = "# no"\n',
    "[ shows . ids ]\nimdb = 'tt1'\n",
)


def document(chance: Random) -> tuple[str, list[Block], str, str]:
    """A list as a hand writes it: its head, the blocks, what stands at its end, and its line ends."""
    foreign = chance.sample(["", "", *FOREIGN], 2)
    head = chance.choice(["", "version = 1\n\n", "# my list\n\n", "own = 1 # o\n\n"]) + foreign[0]
    blocks = [_block(f"id{n}", chance) for n in range(chance.randint(1, 4))]
    return head, blocks, foreign[1] or chance.choice(["", "# the end"]), chance.choice(["\n", "\n", "\r\n"])


def _block(id: str, chance: Random) -> Block:
    lines = [_statement("id", f'"{id}"', chance), _statement("title", _text(chance.choice(WORDS[:6]), chance), chance)]
    for key in chance.sample(sorted(SPELLED), chance.randrange(6)):
        lines.append(_statement(key, SPELLED[key](chance), chance))
    lines += [
        Statement("", own + chance.choice(COMMENTS) + "\n", "", "") for own in chance.sample(OWN, chance.randrange(3))
    ]
    chance.shuffle(lines)
    above = chance.choice(["", "# right above\n", "\n# apart\n\n"])
    header = chance.choice(["[[shows]]", "[[ shows ]]", "[['shows']] # head", '  [["shows"]]'])
    return Block(id, f"{above}{header}\n", tuple(lines), chance.choice(RESTS) + chance.choice(["", "\n", "\n\n"]))


def _statement(key: str, value: str, chance: Random) -> Statement:
    name = chance.choice([key, key, f'"{key}"', f"'{key}'"])
    head = f"{chance.choice(BETWEEN)}{chance.choice(['', '  '])}{name}{chance.choice([' = ', '=', '   =  '])}"
    return Statement(key, head, value, chance.choice(COMMENTS) + "\n")


class Cut(NamedTuple):
    """A document around one statement."""

    before: str
    value: str
    after: str


def _cut(head: str, blocks: list[Block], end: str, which: Block, key: str) -> Cut:
    """The text up to the value of a key of a show, the value, and all after it; no value where there is no such key."""
    before, value, after, passed = head, "", "", False
    for block in blocks:
        pieces = [block.head, *(piece for line in block.lines for piece in line[1:]), block.rest]
        found = [n for n, line in enumerate(block.lines) if block is which and line.key == key]
        for number, piece in enumerate(pieces):
            if found and number == 2 + found[0] * 3:
                value, passed = piece, True
            elif passed:
                after += piece
            else:
                before += piece
    return Cut(before, value, after + end if passed else end)


def _edited(seed: int) -> str:
    """Change one value of one document; what came of it. AssertionError where another byte changed too."""
    chance = Random(seed)
    head, blocks, end, newline = document(chance)
    which, key = chance.choice(blocks), chance.choice(sorted(NEW))
    cut = Cut(*(part.replace("\n", newline) for part in _cut(head, blocks, end, which, key)))
    text = "".join(cut)
    mark = chance.choice(["", "", "\ufeff"])
    snapshot = parse_snapshot((mark + text).encode())
    assert snapshot.list.damage is None, (seed, snapshot.list.damage)
    value = NEW[key](chance)
    try:
        found = edits.deltas(snapshot.list, edits.assign([which.id], [Assignment(key, "=", value)])(snapshot.list))
        result = draft_deltas(snapshot, found).snapshot.document.text
    except (Refused, StoreError):  # nothing is written
        return "refused"
    assert result.startswith(mark), seed
    _check(seed, cut, result.removeprefix(mark), text)
    _is_meant(seed, result.removeprefix(mark), which.id, key, value)
    return "the same" if result.removeprefix(mark) == text else "changed"


def _check(seed: int, cut: Cut, result: str, text: str) -> None:
    if cut.value and result.startswith(cut.before) and result.endswith(cut.after):
        assert len(result) >= len(cut.before) + len(cut.after), seed
        return
    same = _common(text, result), _common(text[::-1], result[::-1])
    if not cut.value:  # a new key: lines were put in, and nothing else
        assert sum(same) >= len(text), (seed, "a byte beside the new line changed")
        return
    # The key was taken out, with its line; comments on it stay on lines of their own.
    start, line = cut.before.rindex("\n", 0) + 1 if "\n" in cut.before else 0, cut.after.index("\n") + 1
    end = "\r\n" if "\r\n" in cut.after[:line] else "\n"
    indent = text[start : start + len(text[start:]) - len(text[start:].lstrip(" \t"))]
    kept = "".join(f"{indent}{comment}{end}" for comment in comments_in(cut.value + cut.after[:line]))
    assert result in (
        text[:start] + kept + cut.after[line:],
        text[:start] + kept + end + cut.after[line:],  # else what follows would have the comment
    ), (seed, "a byte beside the line that went changed")


def comments_in(text: str) -> list[str]:
    """The comments of a TOML text, found sign by sign."""
    found, at = [], 0
    while at < len(text):
        quote = next((q for q in ('"""', "'''", '"', "'") if text.startswith(q, at)), "")
        if text[at] == "#":
            end = min(text.find("\n", at) % (len(text) + 1), len(text))
            found.append(text[at:end].rstrip("\r"))
            at = end
        elif quote:
            at += len(quote)
            while not text.startswith(quote, at):
                at += 2 if text[at] == "\\" and quote[0] == '"' else 1
            at += len(quote)
            while len(quote) == 3 and text.startswith(quote[0], at):  # quotes right before the closing ones
                at += 1
        else:
            at += 1
    return found


def _common(one: str, other: str) -> int:
    """How long two texts are the same from their start."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if one[:middle] == other[:middle] else (low, middle - 1)
    return low


def _is_meant(seed: int, result: str, id: str, key: str, value: Any) -> None:
    row = next(row for row in tomllib.loads(result)["shows"] if row["id"] == id)
    wanted = list(value) if isinstance(value, tuple) else value
    if wanted in (None, "", [], Status.PLANNED):
        assert key not in row or row[key] in ("", [], wanted), seed
    elif key == "notes" or key == "synopsis":
        assert row[key].replace("\r\n", "\n") == str(wanted).replace("\r\n", "\n"), seed
    else:
        assert row[key] == wanted or (isinstance(wanted, float) and math.isclose(row[key], wanted)), seed


def _work(start: int, end: int) -> tuple[int, dict[str, int]]:
    counts = {"changed": 0, "the same": 0, "refused": 0}
    wrong = 0
    for seed in range(start, end):
        try:
            counts[_edited(seed)] += 1
        except AssertionError as error:
            wrong += 1
            print(error)
    return wrong, counts


def test_X08_bytes_outside_the_edited_value_never_change(many: Many, figure: Figure) -> None:
    count = many(2000, 200_000)
    done = spread(_work, count)
    wrong = sum(part[0] for part in done)
    changed, refused = (sum(part[1][name] for part in done) for name in ("changed", "refused"))
    figure(
        "bytes outside the edited value", edits=count, that_changed_the_text=changed, refused=refused, other_bytes=wrong
    )
    assert wrong == 0
    assert changed > count / 2
    assert refused <= count / 1000


def test_X08_a_new_and_a_removed_show_leave_every_other_block_alone(many: Many, figure: Figure) -> None:
    count = many(500, 20_000)
    wrong = sum(spread(_added_and_removed, count))
    figure("bytes of other shows when one comes or goes", edits=2 * count, other_bytes=wrong)
    assert wrong == 0


def test_A6_no_comment_vanishes_but_with_the_show_that_it_stands_right_above_or_in(many: Many, figure: Figure) -> None:
    count = many(400, 40_000)
    done = spread(_removed_and_put_back, count)
    removed, kept, wrong = (sum(part[n] for part in done) for n in range(3))
    figure("comments around shows that are removed", removals=removed, comments_that_stayed=kept, wrong=wrong)
    assert wrong == 0
    assert kept > removed > count / 2


SHOW_COMMENTS = ("", "", "# below\n", "\n# ==== FILMS ====\n\n", "\n  # indented\n# two\n\n\n", "# a\n\n# b\n\n")
ENDS = ("# vim: ft=toml", "\n# vim: ft=toml\n", "\n\n# the end\n# of all", "")


def _removed_and_put_back(start: int, end: int) -> tuple[int, int, int]:
    """How many shows were removed, how many comments stayed, and how often another one did, or undo was not exact."""
    removed = kept = wrong = 0
    for seed in range(start, end):
        chance = Random(seed + 0.5)
        head, blocks, tail, newline = document(chance)
        shows = [b.head + "".join("".join(x[1:]) for x in b.lines) + b.rest.rstrip("\n") + "\n" for b in blocks]
        below = [chance.choice(SHOW_COMMENTS) for _ in blocks]
        below[-1] += tail if tail.startswith("[") else chance.choice(ENDS)
        text = (head + "".join(a + b for a, b in zip(shows, below, strict=True))).replace("\n", newline)
        before = parse_snapshot(text.encode())
        gone = chance.sample(range(len(blocks)), chance.randint(1, len(blocks)))
        try:
            draft = draft_deltas(
                before, edits.deltas(before.list, edits.remove([blocks[n].id for n in gone])(before.list))
            )
        except (Refused, StoreError):
            wrong += 1
            continue
        # A comment at the end of one block, without a blank line, stands right above the next one: it may go with that.
        stay = [piece for n, show in enumerate(shows) for piece in (*([] if n in gone else [show]), below[n])]
        must = comments_in(head) + [c for piece in stay for c in comments_in(piece.replace("\n", newline))]
        after = draft.snapshot.document.text
        missing = Counter(must) - Counter(comments_in(after))
        allowed = Counter(c for n in gone for c in comments_in(below[n - 1] if n else head))
        back = text  # where parts can't tell what happened, the whole text is kept for undo
        if draft.edits:
            back = replay(draft.snapshot, [edit.inverse for edit in draft.edits]).snapshot.document.text
        wrong += (
            bool(missing - allowed)
            or back != text
            or [s.id for s in draft.snapshot.list.shows]
            != [block.id for n, block in enumerate(blocks) if n not in gone]
        )
        removed, kept = removed + len(gone), kept + sum(len(comments_in(below[n])) for n in gone)
    return removed, kept, wrong


def _added_and_removed(start: int, end: int) -> int:
    wrong = 0
    for seed in range(start, end):
        chance = Random(-seed - 1)
        head, blocks, tail, newline = document(chance)
        text = (
            head + "".join(b.head + "".join("".join(x[1:]) for x in b.lines) + b.rest for b in blocks) + tail
        ).replace("\n", newline)
        before = parse_snapshot(text.encode())
        gone = chance.choice(blocks)
        for edit in (edits.add(Show("", "New one", year=1999)), edits.remove([gone.id])):
            try:
                after = draft_deltas(before, edits.deltas(before.list, edit(before.list))).snapshot
            except (Refused, StoreError):
                continue
            names = [show.id for show in before.list.shows if show.id in after.list.shows.places]
            wrong += any(not _is_now(_bare(before.part(name)), _bare(after.part(name))) for name in names)
    return wrong


def _is_now(was: str, now: str) -> bool:
    """Whether a block is what it was, but for comments below that a show left behind."""
    return now.startswith(was) and all(line.strip()[:1] in ("", "#") for line in now[len(was) :].splitlines())


def _bare(part: str | None) -> str:
    assert part is not None
    return part.rstrip()

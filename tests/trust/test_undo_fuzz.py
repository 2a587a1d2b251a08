"""Random histories with edits of other programs in between: every step is undone, skipped with a message, or refused.

None blocks the one before it, none is lost, and no value that another program wrote is lost by an undo.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from random import Random

from tests.trust.conftest import Figure, Many
from tests.trust.work import a_folder, opened, spread
from watchlist.domain import edits
from watchlist.domain.edits import Assignment
from watchlist.domain.model import Show
from watchlist.errors import NotFound, Refused, StoreError, UsageError
from watchlist.store.history.loss_detection import SuspectedLossError
from watchlist.store.library import Change

BLOCK = '[[shows]]\nid = "{0}"\ntitle = "{0}"  # mine\nyear = 1999\ntags = ["x"]\n\n'
LIST = "# a list\nversion = 1\n\n" + "".join(map(BLOCK.format, "abcdefgh"))
FIELDS = ("rating", "platform", "language", "year", "notes")
MARK = re.compile(r"F\d+F")


class History:
    """One list, what this program did to it, and what of that can still be undone and redone."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder, self.chance = folder, Random(seed)
        self.file = folder / "list.toml"
        self.file.write_text(LIST, "utf-8")
        self.library = opened(folder)
        self.done: list[int] = []
        self.undone: list[int] = []
        self.skipped: list[int] = []
        self.counts: Counter[str] = Counter()
        self.faults: list[str] = []
        self.marks = 0

    @property
    def text(self) -> str:
        return self.file.read_text("utf-8")

    # What this program does

    def change(self) -> None:
        shows = self.library.list.shows
        one = self.chance.choice(shows) if shows else None
        kind = self.chance.choice(("set", "set", "set", "bulk", "add", "remove", "text", "block"))
        try:
            if kind == "add" or one is None:
                made = self.library.apply(edits.add(Show("", self.chance.choice(("New", "Newer", "a")))))
            elif kind == "set":
                made = self.library.apply(
                    edits.assign([one.id], [self.assignment() for _ in range(self.chance.randint(1, 2))])
                )
            elif kind == "bulk":
                some = self.chance.sample([show.id for show in shows], self.chance.randint(1, len(shows)))
                made = self.library.apply(edits.assign(some, [self.assignment()]))
            elif kind == "remove":
                some = self.chance.sample([show.id for show in shows], min(len(shows), self.chance.randint(1, 2)))
                made = self.library.apply(edits.remove(some))
            elif kind == "block":
                made = self.library.replace_block(
                    one.id, self.library.block(one.id).rstrip() + f"\n# {self.number()}\n\n"
                )
            else:
                made = self.library.replace_text(self.shuffled(self.library.text()))
        except (StoreError, Refused, UsageError, NotFound) as error:
            self.refuse(error)
            return
        if made.number:
            self.counts["changes"] += 1
            self.done.append(made.number)
            self.undone.clear()

    def assignment(self) -> Assignment:
        field = self.chance.choice(FIELDS)
        value = {"rating": self.chance.randint(1, 5), "year": self.chance.randint(1900, 2000)}
        return Assignment.parse(f"{field}={value.get(field, self.number())}")

    def number(self) -> str:
        return str(self.chance.randint(0, 999))

    def shuffled(self, text: str) -> str:
        head, *blocks = re.split(r"(?=^\[\[shows)", text, flags=re.MULTILINE)
        if self.chance.random() < 0.5:
            self.chance.shuffle(blocks)
        return (head.rstrip("\n") + f"\n# {self.number()}\n\n") + "".join(block.rstrip() + "\n\n" for block in blocks)

    # What other programs do

    def foreign(self) -> None:
        head, *blocks = re.split(r"(?=^\[\[shows)", self.text, flags=re.MULTILINE)
        at = self.chance.randrange(len(blocks)) if blocks else 0
        kind = self.chance.choice(
            ("value", "value", "value", "key", "id", "gone", "twice", "comment", "head", "new", "blank")
        )
        self.counts["foreign edits"] += 1
        self.marks += 1
        mark = f"F{self.marks}F"
        if kind == "new" or not blocks:
            blocks.append(f'[[shows]]\nid = "{mark}"\ntitle = "{mark}"\n\n')
        elif kind == "value":
            lines = [
                n
                for n, line in enumerate(blocks[at].split("\n"))
                if re.match(r"(platform|language|notes|title) = ", line)
            ]
            rows = blocks[at].split("\n")
            if lines:
                row = self.chance.choice(lines)
                rows[row] = f'{rows[row].split(" = ")[0]} = "{mark}"'
            blocks[at] = "\n".join(rows)
        elif kind == "key":
            field = self.chance.choice(("platform", "language", "notes", "mine"))
            if not re.search(rf"^{field} =", blocks[at], re.MULTILINE):
                blocks[at] = blocks[at].rstrip() + f'\n{field} = "{mark}"\n\n'
        elif kind == "id":
            blocks[at] = re.sub(r'^id = ".*"', f'id = "{mark}"', blocks[at], count=1, flags=re.MULTILINE)
        elif kind == "gone" and len(blocks) > 4 and not MARK.search(blocks[at]):
            del blocks[at]
        elif kind == "twice":
            blocks.insert(at, self.put_back())
        elif kind == "comment":
            blocks[at] = f"# {mark}\n" + blocks[at]
        elif kind == "head":
            head = head.rstrip("\n") + f"\n# {mark}\n\n"
        else:
            blocks[at] = blocks[at].rstrip() + "\n" * self.chance.randint(1, 4)
        self.file.write_text(head + "".join(blocks), "utf-8")

    def put_back(self) -> str:
        """A show that was there at the start, where it is gone by now."""
        missing = [id for id in "abcdefgh" if f'id = "{id}"' not in self.text]
        return BLOCK.format(self.chance.choice(missing)) if missing else ""

    # The way back

    def undo(self) -> bool:
        return self.step(self.library.undo, self.done, self.undone, "undone")

    def redo(self) -> bool:
        return self.step(self.library.redo, self.undone, self.done, "redone")

    def step(self, act: Callable[[], tuple[Change, ...]], stack: list[int], other: list[int], word: str) -> bool:
        """Go one step back or forth; whether there may be another one."""
        before, had = self.text, list(stack)
        held = {entry.number for entry in self.library.history() if entry.held}
        skipped: list[int] = []
        ended = False
        try:
            (change,) = act()
            skipped = numbers_of(change.notices)
            if self.text == before:
                self.faults.append(f"{word}, and nothing changed: {change.label}")
            self.counts[word] += 1
        except NotFound as error:
            skipped, ended = numbers_of(error.message.split("; ")), True
        except Refused as error:
            history = {entry.number for entry in self.library.history() if entry.skipped}
            skipped = [number for number in reversed(had) if number in history]
            self.skipped += sorted(history & held)
            if not skipped and not history & held:
                self.faults.append(f"refused, and skipped nothing: {error.message}")
                return False
        except StoreError as error:
            self.refuse(error)
            return True
        else:
            rest = [number for number in had if number not in skipped]
            if rest:
                number = self.moved(rest, word) if self.counts["lapsed skips"] else rest[-1]
                other.append(number)
                stack[:] = [other_number for other_number in rest if other_number != number]
            else:
                self.faults.append(f"{word} what was not there: {change.label}")
        stack[:] = [number for number in stack if number not in skipped]
        self.skipped += [number for number in skipped if number in had]
        self.counts["skipped"] += len(skipped)
        if word == "undone" and (lost := set(MARK.findall(before)) - set(MARK.findall(self.text))):
            self.faults.append(f"lost by an undo: {lost}")
        self.check()
        return not ended

    def moved(self, numbers: list[int], word: str) -> int:
        """Return which of these changes was undone or redone: a skip that lapsed comes back in a place of its own."""
        undone = {entry.number: entry.undone for entry in self.library.history() if not entry.skipped}
        return next((n for n in reversed(numbers) if undone.get(n) is (word == "undone")), numbers[-1])

    def check(self) -> None:
        """The history says of each step what became of it."""
        history = self.library.history()
        self.take_lapsed({entry.number: entry.undone for entry in history if not entry.skipped})
        held = {entry.number for entry in history if entry.held}
        for stack in (self.done, self.skipped):  # a held change waits again once the skip of it has lapsed
            stack[:] = [number for number in stack if number not in held]
        said = (
            {entry.number for entry in history if not (entry.undone or entry.skipped or entry.held)},
            {entry.number for entry in history if entry.undone},
            {entry.number for entry in history if entry.skipped},
        )
        if said != (set(self.done), set(self.undone), set(self.skipped)):
            self.faults.append(f"history {said}, steps {(self.done, self.undone, self.skipped)}")

    def take_lapsed(self, possible: Mapping[int, bool]) -> None:
        """Take back skips that count no more, because the file is again as the skipped change left it.

        Args:
            possible: Whether a change is undone, by its number, for the changes that are not skipped.
        """
        for number in [number for number in self.skipped if number in possible]:
            self.counts["lapsed skips"] += 1
            self.skipped.remove(number)
            (self.undone if possible[number] else self.done).append(number)
        self.done.sort()
        self.undone.sort(reverse=True)

    def refuse(self, error: Exception) -> None:
        """The file is in doubt or damaged, or a change was not possible: nothing happened."""
        self.counts["refused"] += 1
        if isinstance(error, SuspectedLossError):
            held = {entry.number for entry in self.library.history() if entry.held}
            self.library.guard.accept()
            for _ in held:
                self.drop_held()

    def drop_held(self) -> None:
        """What was held is done, or skipped, before anything else."""
        before = {entry.number for entry in self.library.history() if entry.held}
        try:
            self.library.redo()
        except (NotFound, Refused, StoreError):
            self.counts["held and skipped"] += 1
        history = {entry.number: entry for entry in self.library.history()}
        for number in before:
            entry = history.get(number)
            if entry is not None and not entry.held:
                (self.skipped if entry.skipped else self.done).append(number)

    def run(self) -> None:
        for _ in range(self.chance.randint(6, 22)):
            act = self.chance.choice(
                (self.change, self.change, self.change, self.foreign, self.foreign, self.undo, self.redo)
            )
            act()
            if self.chance.random() < 0.2:
                self.library = opened(self.folder)
        for way in (self.undo, self.redo, self.undo):
            for _ in range(200):
                if not way():
                    break
            else:
                self.faults.append("no end")
        if self.done:
            self.faults.append(f"never undone: {self.done}")
        if self.library.list.damage is not None:
            self.faults.append("damaged")


def numbers_of(messages: tuple[str, ...] | list[str]) -> list[int]:
    return [
        int(found[1]) for message in messages if (found := re.search(r"can't (?:undo|redo) change (\d+) ", message))
    ]


def _histories(start: int, end: int) -> tuple[Counter[str], list[str]]:
    counts: Counter[str] = Counter()
    faults: list[str] = []
    for seed in range(start, end):
        with a_folder() as folder:
            history = History(folder, seed)
            history.run()
            counts += history.counts
            faults += [f"{seed}: {fault}" for fault in history.faults]
    return counts, faults


def test_A4_every_step_of_a_random_history_is_undone_skipped_or_refused(many: Many, figure: Figure) -> None:
    count = many(60, 2_000)
    results = spread(_histories, count)
    counts = sum((counts for counts, _ in results), Counter())
    faults = [fault for _, found in results for fault in found]
    figure(
        "undo with edits of other programs in between",
        histories=count,
        changes=counts["changes"],
        foreign_edits=counts["foreign edits"],
        steps_undone=counts["undone"],
        steps_redone=counts["redone"],
        skipped_with_a_message=counts["skipped"],
        refused=counts["refused"],
        lost_or_blocked=len(faults),
    )
    assert not faults, "\n".join(faults[:20])
    assert counts["skipped"] > count / 10
    assert counts["undone"] > count

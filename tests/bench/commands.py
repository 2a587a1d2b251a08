"""Measurements of the command line: a whole process, from start to exit."""

from __future__ import annotations

import itertools
import json
import re
import shutil
from collections.abc import Iterator

from tests.bench import floors
from tests.bench.bench import Bench, Place, Series, in_turn
from tests.bench.generator import LANDMARK, write_imdb
from tests.bench.terminal import WrongFrame
from tests.sources.replay import replaying


def list_some(bench: Bench) -> tuple[Series, ...]:
    with bench.place() as place:
        words = ("list", bench.query, "--limit", "20", "--plain")
        if not 1 <= len(place.output(*words).splitlines()) <= 20:
            raise WrongFrame(f"{bench.query} finds nothing")
        return (against_imports(bench, place, *words),)


def about_itself(bench: Bench) -> tuple[Series, ...]:
    with bench.place() as place:
        asked = (("--version",), ("completions", "bash"), ("help",))
        return tuple(against_imports(bench, place, *words) for words in asked)


def against_imports(bench: Bench, place: Place, *words: str) -> Series:
    return in_turn(
        bench.pairs,
        lambda: place.seconds(place.command(*words)),
        lambda: place.seconds(floors.python(floors.IMPORTS)),
    )


def rate(bench: Bench) -> tuple[Series, ...]:
    """A show in the middle of the file; another rating each time, and the file is looked at after each."""
    with bench.place() as place:
        ratings = _in_circles("4", "3")

        def store() -> float:
            rating = next(ratings)
            taken = place.seconds(place.command("rate", LANDMARK, rating))
            if stored_rating(place) != float(rating):
                raise WrongFrame(f"{LANDMARK} is rated {stored_rating(place)} in the file, not {rating}")
            return taken

        again = place.seconds
        return (in_turn(bench.pairs, store, lambda: again(floors.python(floors.STORE, str(place.file)))),)


def lookup(bench: Bench) -> tuple[Series, ...]:
    """A show with an id at a source, which is asked twice; its answers come from a server in this process."""
    with bench.place() as place, replaying() as server:
        place.output("set", LANDMARK, "ids+=tvmaze=7001")
        config = place.home / "config.toml"
        config.write_text(f'[lookup]\ntvmaze = "{server.address}/tvmaze"\n', "utf-8")
        command = [*place.command("lookup", LANDMARK, "--yes", "--source", "tvmaze"), "--config", str(config)]

        def look_up() -> float:
            asked = len(server.requests)
            taken = place.seconds(command)
            if len(server.requests) - asked != 2 or b"sources = { tvmaze" not in place.file.read_bytes():
                raise WrongFrame("nothing was looked up and stored")
            place.output("undo")
            place.output("list", "--limit", "1")
            shutil.rmtree(place.home / "cache" / "watchlist" / "answers")
            return taken

        look_up()
        addresses = [server.address + request.target for request in server.requests]
        return (in_turn(bench.pairs, look_up, lambda: place.seconds(floors.python(floors.ASK, *addresses))),)


def tag_all(bench: Bench) -> tuple[Series, ...]:
    """A tag for every show, and its undo, against reading and writing the file once; and the memory that tagging takes."""
    with bench.place() as place:
        original = place.file.read_bytes()
        tag = place.command("tag", "--where", "title:any", "--yes", "+all")
        floor = floors.python(floors.REWRITE, str(place.file), str(place.home / "floor.toml"))
        taken: list[tuple[float, ...]] = []
        for _ in range(bench.pairs + 1):
            seconds, memory = place.cost(tag)
            if place.file.read_bytes().count(b'"all"') != bench.shows:
                raise WrongFrame("not every show was tagged")
            place.output("list", "--limit", "1")  # as when the interface stays open: what is known of the list is kept
            undone, _ = place.cost(place.command("undo"))
            if place.file.read_bytes() != original:
                raise WrongFrame("the undo left something else")
            place.output("list", "--limit", "1")
            taken.append((seconds, undone, memory, place.seconds(floor), len(original) / 2**20))
        a, b, memory, floor_, size = zip(*taken[1:], strict=True)
        return Series(a, floor_), Series(b, floor_), Series(memory, size)


def stats(bench: Bench) -> tuple[Series, ...]:
    """Of shows with three viewings each, against reading them all from a file of JSON rows."""
    return _against_rows(bench, "stats")


def pick(bench: Bench) -> tuple[Series, ...]:
    """Three of the same shows, against the same."""
    return _against_rows(bench, "pick", "--seed", "1")


def _against_rows(bench: Bench, *words: str) -> tuple[Series, ...]:
    bench = Bench(bench.folder, bench.shows, bench.pairs, "watched")
    with bench.place() as place:
        rows = place.home / "rows.jsonl"
        rows.write_text(place.output("list", "--jsonl"), "utf-8")
        counted = json.loads(place.output("stats", "--json"))
        if (counted["shows"]["number"], counted["viewings"]["total"]["viewings"]) != (bench.shows, 3 * bench.shows):
            raise WrongFrame(f"not all of {bench.shows:,} shows are counted")
        floor = floors.python(floors.JSON_ROWS, str(rows))
        return (in_turn(bench.pairs, lambda: place.seconds(place.command(*words)), lambda: place.seconds(floor)),)


def stored_rating(place: Place) -> float | None:
    """What the file says about the landmark."""
    data = place.file.read_bytes()
    start = data.index(f'title = "{LANDMARK}"'.encode())
    found = re.search(rb"^rating = ([\d.]+)", data[start : start + 4096].split(b"[[shows]]")[0], re.MULTILINE)
    return float(found[1]) if found else None


def import_imdb(bench: Bench) -> tuple[Series, ...]:
    """As many rows as the list has shows, into a list of none."""
    source = bench.folder / f"imdb-{bench.shows}.csv"
    write_imdb(source, bench.shows)
    with bench.place() as place:

        def bring() -> float:
            place.forget()  # else there is more to undo, run by run
            place.file.write_text("version = 1\n", "utf-8")
            taken = place.seconds(place.command("import", "--from", "imdb", str(source)))
            if (count := place.file.read_bytes().count(b"[[shows]]\n")) != bench.shows:
                raise WrongFrame(f"{count} of {bench.shows} rows were imported")
            return taken

        floor = floors.python(floors.IMPORT, str(source), str(place.home / "floor.toml"))
        return (in_turn(bench.pairs, bring, lambda: place.seconds(floor)),)


def _in_circles(*values: str) -> Iterator[str]:
    return itertools.cycle(values)

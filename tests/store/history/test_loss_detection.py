"""What is taken for a loss and what for an edit: by what was known, what is there now, and how many shows can be read."""

from __future__ import annotations

import pytest

from watchlist.store.history.loss_detection import suspicion

A, B = '[[shows]]\nid = "a"\n', '\n[[shows]]\nid = "b"\n'
CUT = "was cut short by another program: {} bytes are missing at its end"
EMPTIED = "was emptied by another program"


@pytest.mark.parametrize(
    ("known", "had", "data", "has", "said"),
    [
        (A + B, 2, "", 0, EMPTIED),
        (A + B, 2, " \n\n", 0, EMPTIED),
        (None, 2, "", 0, EMPTIED),
        (None, 1, "", None, EMPTIED),
        ("", 0, "", 0, ""),  # there was nothing to lose
        ("\n\n", 0, "\n", 0, ""),
        ("# mine\n", 0, "", 0, CUT.format(6)),
        (A + B, 2, A, 1, CUT.format(len(B.strip()))),  # one show went, at the end
        (A + B, 2, A + B[:-1], 2, ""),  # nothing but the end of a line
        (A + B, 2, A + B[:-2], None, CUT.format(1)),  # in the midst of it
        (A + B, 2, (A + B)[: len(A) + 12], None, CUT.format(len(B) - 13)),
        (A + "# the end\n", 1, A, 1, ""),  # who takes the last lines out in an editor
        (A + "# the end\n", 1, A + "# the", 1, CUT.format(3)),
        (A + "# the end\n", 1, A, None, CUT.format(9)),  # it could be read and now it can't
        (A + B, 2, A + "\n", 1, CUT.format(len(B.strip()))),
        (A + B, 2, B, 1, ""),  # not at the end: an edit
        (A + B, 2, A + B + A, 3, ""),
        (None, 2, A, 1, ""),
        (A * 20, 20, A * 15, 15, CUT.format(len(A * 5) - 1)),
        (B * 20, 20, A * 15, 15, ""),
        (B * 20, 20, A * 14, 14, "has 14 of 20 shows left"),
        (None, 20, A * 14, 14, "has 14 of 20 shows left"),
        (None, 2, "# no show\n", 0, "has 0 of 2 shows left"),
        (None, 1, "# no show\n", 0, ""),
        (None, 20, "# damaged", None, ""),
    ],
)
def test_F24_F25_what_looks_like_a_loss_is_said(
    known: str | None, had: int, data: str, has: int | None, said: str
) -> None:
    assert suspicion(known.encode() if known is not None else None, had, data.encode(), has) == said

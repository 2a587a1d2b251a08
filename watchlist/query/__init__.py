"""The query language: one for the filter line, the command line, saved views and exports.

    dune                        a word, in any of the searched fields; case and accents ignored
    title:dune                  part of a field; `title:=dune` the whole field; `title::^dune` a regular expression
    status:planned,watching     any of these values
    rating:4..  year:>=1990     ranges of numbers, ratings and dates; dates as 2025, 2025-07, 2025-07-09 or -30d
    rating:none  rating:any     nothing there, something there
    is:started                  a state that follows from several fields
    sort:rating-  sort:title    order; several allowed, the first counts most

Terms are ANDed. A comma between values means any of them, `dune,heat` too; a comma that stands alone, or ends a word,
is OR between all that is left and all that is right of it. `-` or `^` before a term negates it. Double quotes hold
blanks, commas and signs, and what is quoted is a value and nothing else: `"title:dune"` looks for that text, `tag:"none"`
for a tag of that name. `""` inside quotes is one quote; quotes that are never closed reach to the end.

A word with a colon is a term if what stands before the colon could be a name; else (`2001:`), and where nothing follows
the colon (`Bosch: Legacy`) or two slashes do (`http://...`), it is plain text. A known field with nothing after its
colon is an error, and so is a sign with nothing after it: nothing that was typed is ever silently left out, because
`remove --where` runs on the same words.
"""

from watchlist.query.query import Query, Sort, order, own_keys, parse, parse_sort, parse_words, select
from watchlist.query.terms import Term, TermValue

__all__ = [
    "Query",
    "Sort",
    "Term",
    "TermValue",
    "order",
    "own_keys",
    "parse",
    "parse_sort",
    "parse_words",
    "select",
]

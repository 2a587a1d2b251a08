"""The query language of the filter line, the command line, saved views and exports.

    dune                        a word in any of the searched fields; case and accents are ignored
    title:dune                  part of a field; `title:=dune` the whole field; `title::^dune` a regular expression
    status:planned,watching     any of these values
    rating:4..  year:>=1990     ranges of numbers, ratings and dates; dates as 2025, 2025-07, 2025-07-09 or -30d
    rating:none  rating:any     the field is empty, or not empty
    is:started                  a state that follows from several fields
    sort:rating-  sort:title    the order; several are allowed, the first counts most

A show must match all terms. A comma between values means any of the values, also in `dune,heat`. A comma that stands
alone or ends a word is OR between all terms on its left and all terms on its right. `-` or `^` before a term negates
the term. Double quotes keep blanks, commas and signs, and make their content plain text: `"title:dune"` searches for
that text, `tag:"none"` for a tag of that name. `""` inside quotes is one quote; an unclosed quote reaches to the end.

A word with a colon is a term if the part before the colon can be a name; otherwise (`2001:`), or if nothing (`Bosch:
Legacy`) or two slashes (`http://...`) follow the colon, the word is plain text. A known field with nothing after its
colon is an error, and so is a `-` or `^` with nothing after it: no typed word is ignored silently, because `remove
--where` uses the same queries.
"""

from watchlist.query.grammar import Term, TermValue
from watchlist.query.query import Query, Sort, order, own_keys, parse, parse_sort, parse_words, select

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

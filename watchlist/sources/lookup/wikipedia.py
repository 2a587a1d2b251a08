"""Wikipedia: the summary of an English article, as the synopsis of a show. Its text is licensed under CC BY-SA 4.0."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from watchlist.sources.lookup import values
from watchlist.sources.lookup.api import Api
from watchlist.sources.lookup.values import table

if TYPE_CHECKING:
    from watchlist.sources.lookup.client import Client  # loads the HTTP library

# 200 requests in a second are allowed. A person's look-ups need far fewer.
API = Api("wikipedia", "https://en.wikipedia.org/api/rest_v1", calls=10, seconds=5)


async def summary(article: str, client: Client) -> str:
    """Return the first paragraphs of an article; empty if there is no such article, or if it lists several meanings.

    Raises LookupFailed.
    """
    answer = table(await client.get(API, f"/page/summary/{quote(article.replace(' ', '_'), safe='')}", missing_ok=True))
    return values.paragraphs(answer.get("extract")) if answer.get("type") != "disambiguation" else ""

"""The source of the catalogue, its credit line and its terms of use, as IMDb asks for them."""

from __future__ import annotations

ADDRESS = "https://datasets.imdbws.com/"
CREDIT = "Information courtesy of IMDb (https://www.imdb.com). Used with permission."
TERMS = "for personal and non-commercial use only; never publish the files or the catalogue"
TERMS_ADDRESS = "https://developer.imdb.com/non-commercial-datasets/"

"""The English names of languages by their codes (ISO 639-1), for services that give codes."""

from __future__ import annotations

from typing import Final

_TABLE = """
ar Arabic|bg Bulgarian|bn Bengali|bs Bosnian|ca Catalan|cn Cantonese|cs Czech|cy Welsh|da Danish|de German|el Greek
en English|es Spanish|et Estonian|eu Basque|fa Persian|fi Finnish|fr French|ga Irish|gl Galician|gu Gujarati|he Hebrew
hi Hindi|hr Croatian|hu Hungarian|hy Armenian|id Indonesian|is Icelandic|it Italian|ja Japanese|ka Georgian|kk Kazakh
kn Kannada|ko Korean|ku Kurdish|la Latin|lt Lithuanian|lv Latvian|mk Macedonian|ml Malayalam|mn Mongolian|mr Marathi
ms Malay|nb Norwegian|nl Dutch|no Norwegian|pa Punjabi|pl Polish|pt Portuguese|ro Romanian|ru Russian|sh Serbo-Croatian
sk Slovak|sl Slovenian|sq Albanian|sr Serbian|sv Swedish|sw Swahili|ta Tamil|te Telugu|th Thai|tl Tagalog|tr Turkish
uk Ukrainian|ur Urdu|vi Vietnamese|wo Wolof|yi Yiddish|yo Yoruba|zh Chinese|zu Zulu
"""
LANGUAGES: Final = dict(entry.split(" ", 1) for entry in _TABLE.strip().replace("\n", "|").split("|"))


def language_name(code: object) -> str:
    """Return the English name of a language, e.g. `Japanese` for `ja`; empty for other values."""
    return LANGUAGES.get(code, "") if isinstance(code, str) else ""

"""The vocabulary of release names as parts of regular expressions: technical tags, words for seasons and episodes."""

from __future__ import annotations

import re
from functools import cache

START = r"(?<![^\W_])"  # no letter or digit before
END = r"(?![^\W_])"  # no letter or digit after
GAP = r"[ ._-]*"

VIDEO_ENDINGS = frozenset(
    (
        *(
            "3gp",
            "asf",
            "avi",
            "divx",
            "dv",
            "f4v",
            "flv",
            "iso",
            "m2t",
            "m2ts",
            "m2v",
            "m4v",
            "mkv",
            "mov",
            "mp4",
            "mpe",
        ),
        *("mpeg", "mpg", "mts", "ogm", "ogv", "rm", "rmvb", "strm", "ts", "vob", "webm", "wmv", "wtv"),
    )
)
OTHER_ENDINGS = frozenset(
    (
        *(
            "7z",
            "aac",
            "ass",
            "bmp",
            "flac",
            "gif",
            "idx",
            "jpeg",
            "jpg",
            "json",
            "m4a",
            "md5",
            "mka",
            "mks",
            "mp3",
            "nfo",
        ),
        *(
            "nzb",
            "ogg",
            "opus",
            "part",
            "png",
            "rar",
            "sfv",
            "srt",
            "ssa",
            "sub",
            "sup",
            "torrent",
            "txt",
            "url",
            "vtt",
        ),
        *("wav", "webp", "xml", "zip"),
    )
)

SEASON = (
    r"(?:seasons?|series(?=[ ._]*\d)|staffeln?|saisons?|temporadas?|stagion[ei]|сезон|sezon|seizoen|säsong|sæson|sesong"
    r"|kausi|évad|シーズン|시즌)"
)
EPISODE = (
    r"(?:episodes?|eps?|folgen?|épisodes?|episodios?|episódios?|cap[ií]tulos?|caps?|серия|серии|эпизод|odcinek|odc|bölüm"
    r"|aflevering|afl|avsnitt|afsnit|jakso|rész|díl|epizoda|episod|puntata|kapitel|chapters?)"
)
ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8}
CHINESE = {word: number for number, word in enumerate("一二三四五六七八九十", 1)}
_MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTHS = {month: number for number, month in enumerate(_MONTH_NAMES, 1)}
COUNTRIES = {"us": "us", "usa": "us", "uk": "gb", "gb": "gb", "au": "au", "aus": "au", "nz": "nz", "ca": "ca"}

# Words that are technical wherever they stand. Words that titles contain too (Web, HD, French, Extended) are not here.
_TAGS = (
    r"\d{3,4}[pi]|[48]k|uhd|[xh][ .]?26[45]|hevc|avc|xvid|divx|av1|vp9|mpeg-?[24]|web-?(?:dl|rip)s?|blu-?ray|bd(?:rip|remux)?"
    r"|br-?rip|[hpd]dtv|hdtv-?rip|tvrip|satrip|dsr(?:ip)?|dvd-?(?:rip|r|scr|[59])|hd-?(?:rip|cam|ts)|telesync|telecine|remux"
    r"|(?:amzn|nf|dsnp|hmax|atvp|pcok|hulu)(?=[ .]web)|ac3|e-?ac-?3|dts(?:-?hd|-?x)?|aac(?:\d?\.\d)?|ddp?[ .]?\d\.\d|ddp?\d"
    r"|truehd|hdr10\+?|dolby[ .]vision|(?:8|10)-?bit|dual-?audio|repack"
    r"|web(?=[ .]?(?:[xh][ .]?26[45]|$|-|[ .]ddp|[ .]aac))"
)


@cache
def tags() -> re.Pattern[str]:
    """Return the pattern of one technical tag, e.g. `1080p` or `WEB-DL`."""
    return re.compile(rf"{START}(?:{_TAGS}){END}", re.IGNORECASE)


# (pattern, what the file is). They count after the code or the year, or alone at the end of the name.
_EXTRAS = (
    (r"(?:official[ ._]|teaser[ ._])?trailer\d?|teaser\d?", "a trailer"),
    (r"sample|proof", "a sample"),
    (r"creditless[ ._](?:opening|ending)\d*|nc(?:op|ed)\d*[a-z]?|opening[ ._]credits|ending[ ._]credits", "credits"),
    (
        r"featurettes?|(?:special[ ._]+)?behind[ ._-]?the[ ._-]?scenes|deleted[ ._]?scenes?"
        r"|making[ ._-]of|gag[ ._]?reel|bloopers|extras?"
        r"|bonus|bonus[ ._]disc|deleted|scene|interviews?|promo|preview",
        "an extra",
    ),
)  # fmt: skip
_EXTRA_FOLDERS = (
    r"trailers?|samples?|featurettes?|behind[ ._-]?the[ ._-]?scenes|deleted[ ._-]?scenes"
    r"|extras?|interviews?|bonus|proof"
)


@cache
def extras() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return (pattern that a whole part of a name must match, e.g. `Sample`; what such a file is) pairs."""
    return tuple((re.compile(pattern, re.IGNORECASE), what) for pattern, what in _EXTRAS)


@cache
def extra_folders() -> re.Pattern[str]:
    """Return the pattern of the names of folders whose files are extras."""
    return re.compile(_EXTRA_FOLDERS, re.IGNORECASE)

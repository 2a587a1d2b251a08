"""The user's notes as rendered Markdown, in the colors of the theme only, and without active links or HTML."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.markdown import CodeBlock, Heading, Markdown
from rich.text import Text
from rich.theme import Theme

from watchlist.domain.ratings import DisplayStyle
from watchlist.panels.styles import Styles
from watchlist.sanitize import safe


def notes(text: str, ink: Styles, style: DisplayStyle) -> RenderableType:
    """Return notes rendered as Markdown. If only ASCII may be drawn, return them as plain text."""
    if style.ascii:
        return Text(safe(text, lines=True), ink.foreground)
    return ReadOnlyMarkdown(text, ink)


class _Heading(Heading):
    """A left-aligned heading."""

    LEVEL_ALIGN = dict.fromkeys(Heading.LEVEL_ALIGN, "left")


class _Code(CodeBlock):
    """A code block without syntax highlighting, which would use colors of its own."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield Text(str(self.text).rstrip(), self.style)


class ReadOnlyMarkdown(Markdown):
    """Markdown without active links or HTML, in styles given as `ink`. An image becomes its name and address."""

    elements = Markdown.elements | {"heading_open": _Heading, "fence": _Code, "code_block": _Code}

    def __init__(self, text: str, ink: Styles) -> None:
        super().__init__("", hyperlinks=False, style=ink.foreground or "none")
        parser = MarkdownIt("commonmark", {"html": False}).enable(["strikethrough", "table"])
        self.parsed = list(_inert(parser.parse(safe(text, lines=True))))
        self.theme = _theme(ink)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        with console.use_theme(self.theme):
            yield from super().__rich_console__(console, options)


def _inert(tokens: Iterable[Token]) -> Iterator[Token]:
    """Yield Markdown tokens in which images and control characters are replaced by visible text."""
    for token in tokens:
        if token.type == "image":
            token = Token("text", "", 0, content=f"{token.content} ({token.attrs.get('src', '')})")
        token.content = safe(token.content, lines=True)
        if "href" in token.attrs:
            token.attrs["href"] = safe(str(token.attrs["href"]))
        if token.children:
            token.children = list(_inert(token.children))
        yield token


def _theme(ink: Styles) -> Theme:
    """Return the Rich theme that draws the elements of Markdown in the styles `ink`."""
    heading = f"bold {ink.primary}"
    styles = {
        "block_quote": ink.dim,
        "code": ink.accent,
        "code_block": ink.accent,
        "hr": ink.border,
        "item.bullet": ink.primary,
        "item.number": ink.primary,
        "link": ink.primary,
        "link_url": ink.dim,
        "table.border": ink.border,
        "table.header": ink.primary,
    } | {f"h{level}": heading for level in range(1, 7)}
    return Theme({f"markdown.{name}": style or "none" for name, style in styles.items()})

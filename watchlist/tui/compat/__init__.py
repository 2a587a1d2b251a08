"""The only package that uses private attributes of Textual or Rich."""

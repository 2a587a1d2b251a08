"""All code that uses private attributes of Textual or Rich."""

"""Interface state without Textual: view, filter, order and groups of the list, preferences, drafts of forms."""

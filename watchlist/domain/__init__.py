"""Shows and operations on them, without files, terminal or caches."""

"""Shows and the operations on them, without files, terminal or caches."""

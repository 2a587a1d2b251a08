"""Reads and replaces files so that a crash, a full disk or another program causes no loss."""

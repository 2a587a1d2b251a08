"""The parts of the main screen. Each shows what it is given, and says what was asked of it with a message."""

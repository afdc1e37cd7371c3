"""The border between people's words and arrays: compile, decode, audit."""

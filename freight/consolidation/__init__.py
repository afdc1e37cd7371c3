"""Which trains the owners run together, what it saves, and who pays what."""

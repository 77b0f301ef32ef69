"""Lists as counties receive them, read cell by cell: what a value says, how sure that is, and why it is doubted.

Nothing is guessed in silence: every cell comes back as a reading (`readings`), and whoever imports decides. `docs/lists.md` tells it
with examples.
"""

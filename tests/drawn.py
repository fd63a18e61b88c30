"""Small frames, drawn as tables so that a reader sees every row."""

import pandas as pd

KINDS = {"treated": int, "month": int, "score": float, "x": float, "y": float, "outcome": float}


def frame_of(text: str) -> pd.DataFrame:
    """Read a table drawn with spaces; the first column is the row label."""
    header, *lines = [line.split() for line in text.strip().splitlines()]
    frame = pd.DataFrame(lines, columns=header).set_index(header[0])
    return frame.astype({name: kind for name, kind in KINDS.items() if name in frame})

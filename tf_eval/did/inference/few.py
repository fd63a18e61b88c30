"""What is said where few clusters are treated."""

from tf_eval.did.caution import Caution
from tf_eval.did.design import Design

# With fewer treated clusters than this, errors from cluster sums are known to reject a true null too often.
FEW_CLUSTERS = 10
# With fewer than this, an interval by itself is not to be trusted at all.
VERY_FEW_CLUSTERS = 5


def few_clusters(count: int, design: Design, who: str = "treated units", way_out: str = "") -> list[str]:
    """Return a note where ``count`` clusters hold those who are treated; a caution where they are very few.

    Nothing is said of none, for then nothing could be estimated, nor in a summary of one, for that says more itself.
    """
    if not 0 < count < FEW_CLUSTERS:
        return []
    note = f"Clusters that hold {who}: {design.told(count)}, so that intervals are likely too narrow.{way_out}"
    return [Caution(note) if 1 < count < VERY_FEW_CLUSTERS else note]

"""All interventions of a site together: which claims outlast that so much was looked at, and what can be ranked."""

from tf_eval.evidence.together.claim import Claim
from tf_eval.evidence.together.comparing import what_works
from tf_eval.evidence.together.outcome_league import OutcomeLeague
from tf_eval.evidence.together.result import WhatWorks
from tf_eval.evidence.together.shared import shared_check

__all__ = ["Claim", "OutcomeLeague", "WhatWorks", "shared_check", "what_works"]

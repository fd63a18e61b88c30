"""How a clause stands for a family: four states, for a yes or no would hide what was never asked or never shown."""

MET = "met"
NOT_MET = "not_met"
NOT_APPLICABLE = "not_applicable"
NEUTRAL = "neutral_by_exit"
STATES = (MET, NOT_MET, NOT_APPLICABLE, NEUTRAL)

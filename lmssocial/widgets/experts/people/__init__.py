"""People who answer: what they offer, how it is known what they know, and who says so."""

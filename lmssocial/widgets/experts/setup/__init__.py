"""Setting expert connect up: one page in plain words, with what its times mean for a question of next Monday."""

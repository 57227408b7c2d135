"""Pure Python at the bottom of the house: clock, errors, events, secrets. No framework, no database."""

"""What ``make bench`` runs: our pages beside the least that could do the same, measured in turns on one machine.

Absolute figures say more about the machine than about the code, so every figure is a ratio to a floor: a page written
by hand for the purpose, on the same server, the same database engine and the same texts.
"""

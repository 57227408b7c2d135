"""Bringing two people together: any member thinks of two who should know each other, and says why.

Each of the two says for themselves whether they want to. That nobody who does not want to is ever found out rests on
one rule: an introduction is met in the moment in which both have said yes, and in every other case it ends fourteen
days after it was made, whatever was said and by whom. Until then it looks to everybody else as if nothing had been
said, afterwards as if nobody had come to it: a no and no word at all look alike, at every moment. Whoever said
something may say something else until then.
"""

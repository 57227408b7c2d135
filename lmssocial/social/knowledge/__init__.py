"""What a community knows: answers that were worth keeping, with who gave them and when somebody looks at them again.

Widgets that hold such texts take part through :mod:`.ports`: they say what resembles a question, take a published
answer in, and show beside it where it comes from.
"""

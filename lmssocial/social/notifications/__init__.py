"""Telling people what concerns them: the bell, its page, e-mail digests, and what each of them wants to hear."""

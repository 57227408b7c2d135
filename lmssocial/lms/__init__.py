"""The wing that knows the LMS: the protocol, and who is who because of it."""

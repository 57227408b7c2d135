"""Who is invited to a question: who may be, who knows, who has time, and why they were chosen."""

"""The written report: findings, plans, needs, what people say came of it; published, kept and exported."""

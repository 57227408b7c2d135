"""The five roles explained: what each looks like here, its skills, and what helps with it."""

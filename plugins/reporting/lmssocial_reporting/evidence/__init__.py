"""From what happened to evidence, by the rules of the definition, again and again with the same result."""

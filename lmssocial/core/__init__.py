"""The core wing: what any program of this kind needs. It knows nothing of learning."""

"""What questions are about in a community: found by their names, made by whoever asks, kept in order by stewards."""

"""What a community decides about itself: ground rules, quality tier, policies, and who looks after it."""

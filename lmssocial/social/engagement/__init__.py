"""What people do to what others publish: find it helpful, rate, endorse, save, mention, share and follow it."""

"""Is it alive, is it ready, how much is going on: for monitors, load balancers and ``lmssocial doctor``."""

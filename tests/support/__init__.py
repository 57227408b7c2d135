"""What tests stand on: databases, servers, a browser. Nothing here knows a feature."""

"""What the peers' checks are made of: the platform, a recorder in front of it, the clients, and the comparison."""

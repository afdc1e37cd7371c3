"""What the user states, decides and is billed: shipments, terminals, services, plans, bills."""

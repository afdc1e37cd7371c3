"""Orders of magnitude: what no transport has is a fault, what is hardly ever so a remark."""

"""The wires: each gateway is a stranger to the others; `objects` has the JSON that they share."""

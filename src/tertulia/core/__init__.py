"""What chat is: nouns, facts, refusals, rules and use cases in plain Python, without I/O."""

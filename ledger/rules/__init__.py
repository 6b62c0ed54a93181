"""What a log of sealed rows is made of, as pure functions: records, hashes, proofs, signed notes."""

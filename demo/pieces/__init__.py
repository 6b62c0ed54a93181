"""Pieces of evidence and the answers to them, by trade and time: shop, telephone, hotel, leading others, long ago."""

"""Bytes in any known tracking dialect become events, or are kept with the reason why not."""

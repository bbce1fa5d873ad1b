"""Files become events or items: JSONL, CSV and Parquet, streamed, resumable after kill -9 without a repeat or a gap."""

"""Programs of segments as C: compiled beside the running fold, kept on disk, taken up between two batches."""

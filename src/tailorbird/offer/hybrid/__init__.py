"""Joining retrievers: pool their candidates, blend their scores, re-rank behind a gate."""

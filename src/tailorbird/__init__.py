"""Tailorbird: collect, know, offer, prove. Self-hosted, real-time personalization."""

__version__ = "0.1.0"

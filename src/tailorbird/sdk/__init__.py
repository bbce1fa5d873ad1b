"""The browser SDK: one hand-written file, served as it stands."""

from pathlib import Path

PATH = Path(__file__).parent / "tailorbird.js"
"""Where `tailorbird.js` lies; its first comment is its manual, docs/guide/browser-sdk.md the long one."""

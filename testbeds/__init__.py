"""Deployed sites for tests, which are discarded after use."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
"""The project's folder."""

"""Asterisk (and FreePBX) over the Asterisk Manager Interface (AMI)."""

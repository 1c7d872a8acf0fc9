"""Protocol: plain values as bytes and back. Both sides use it; neither trusts the other."""

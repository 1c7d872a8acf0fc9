"""Protocol: encode plain values as bytes, and decode them. Both sides use it; the host trusts no byte of the guest.

In: values, or untrusted bytes. Out: bytes, or values within a budget. Only the package `sandbox` imports it.
"""

"""Protocol: plain values as bytes and back. Both sides use it; neither trusts the other.

In: values, or bytes that a stranger may have written. Out: the other of the two, within a budget. Only the package
`sandbox` imports it.
"""

"""What is in a file: the policy, the checks, the previews, the scan. No models, no requests, no settings.

Everything that opens a stranger's bytes (`inspect`, `preview` and below) is meant to run inside `sandbox`, one file per
child process. `policy`, `names`, `sentences` and `scan` are safe anywhere.
"""

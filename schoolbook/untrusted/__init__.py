"""What reads files of strangers: it runs in a process of its own, without Django, without the project's secrets.

`schoolbook.evidence` starts that process (`__main__`) and believes only what is in its answer.
"""

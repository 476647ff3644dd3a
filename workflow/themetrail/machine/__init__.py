"""A machine as a further coder: learned from the study's consensus, measured on what it never saw.

``stage.assist`` makes every table of the stage. Nothing here decides anything for the study: what
the machine proposes stands apart from people's coding unless the configuration says otherwise.
"""

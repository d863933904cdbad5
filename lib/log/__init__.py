"""The parts of the log that all apps share: its actions, the kinds of objects it refers to, and its stored values. Apps
register actions and kinds in their `actions` module when Django is ready; the entries are in teams.models.log.
"""

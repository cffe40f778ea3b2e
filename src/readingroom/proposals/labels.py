"""The labels that the action puts on issues and pull requests; GitHub makes each when it is first needed."""

SESSION = "session"  # a proposal, its issue and its pull request
NEEDS_CHANGES = "needs changes"  # an issue whose submitter is asked something
NOTICE = "readingroom"  # the issue that tells of problems in the files
LABELS = (SESSION, NEEDS_CHANGES, NOTICE)

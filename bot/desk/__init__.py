"""The counsellors' desk: accounts, the workspace and the supervisor's pages, under `/desk`."""

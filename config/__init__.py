"""Settings, URLs and processes of the deployment."""

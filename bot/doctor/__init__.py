"""`helpline doctor`: what is wrong with an installation, and how to cure it, in plain words."""

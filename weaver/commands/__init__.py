"""What each command does: one module with `run(arguments, console) -> exit code` for each."""

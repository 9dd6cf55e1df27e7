"""`python -m weaver` is `weaver`."""

from weaver.cli import main

if __name__ == "__main__":
    raise SystemExit(main())

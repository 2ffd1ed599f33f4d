"""``python -m chaingraph``: the command line where no script is on the path."""

from chaingraph.cli.main import main

if __name__ == "__main__":
    main()

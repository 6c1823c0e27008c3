"""The command line's groups of commands; mingpai.py puts them together."""

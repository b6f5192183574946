"""The words of pages and scripts in French, for gettext."""

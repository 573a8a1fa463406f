"""The set-up behind ``./osc``: one small module for each thing it sets up.

Only the standard library is used here, because these modules run before any
environment exists.
"""

"""The domain: what a figure is, who it is about, how it compares, and how it is said.

Nothing in here reads a file, draws a chart or knows of Streamlit.
"""

"""Tidy frame in, Plotly figure with a text alternative out. Nothing here knows of Streamlit."""

"""Files in, validated pandas frames out; and the commands that check, build and import.

No page and no chart is known here, and nothing here imports Streamlit.
"""

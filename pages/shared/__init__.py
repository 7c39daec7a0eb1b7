"""What pages share: the one figure card, chart, table, area label, citation and address."""

"""Training the recommender on a site's lake: read, tune, judge, promote; and noticing when it is time to.

contacts.py   what people did with items, from the lake
reading.py    the same of all whose consent allows it
standing.py   what was said of them, and the segments they were in
seen.py       what they were shown, and what they clicked of it
lineage.py    where a model comes from
tuning.py     searching for better settings (extra `recommend`)
run.py        a whole training, from the lake to a model in force
"""

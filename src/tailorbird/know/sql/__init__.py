"""A program as one SQL query over the relation `history`: the batch side of law 4.

columns      which columns of `history` a program looks at, and what they are called
rows         relations of things that happened: events, elements of their lists, sessions, contacts, chains
measures     what each statistic sums up over such rows
scope        one instant, or many: every statistic once, joined to one row a person (and instant)
expressions  all the rest, as in SQL
dialects     where DuckDB, Spark, Snowflake and BigQuery spell differently
compiled     all of it put together: `compile_sql`
"""

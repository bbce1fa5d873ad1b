"""The engines that need no server: segment files, LMDB, Parquet with DuckDB, SQLite."""

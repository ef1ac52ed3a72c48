# sqlite: the driver on libsqlite3; one file a subject, see house rules.
EXTRA_DIST += plugins/sqlite/sqlite.h
if WITH_SQLITE
endif

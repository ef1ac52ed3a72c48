# sqlite: the driver on libsqlite3; one file a subject, see house rules.
if WITH_SQLITE
endif

# conn: see house rules in core/local.mk; its sources join libcore.la.
core_libcore_la_SOURCES += %D%/convert.c %D%/convert.h %D%/into.c

# base: small tools with no idea of databases, linked hidden into each library of ours.
core_libbase_la_SOURCES += %D%/alloc.c

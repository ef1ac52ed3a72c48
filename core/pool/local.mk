# pool: many connections; its sources join libcore.la.
core_libcore_la_SOURCES += %D%/acquire.c %D%/keeper.c %D%/list.c %D%/options.c %D%/pool.c \
	%D%/pool.h %D%/publish.c %D%/published.c %D%/record.h %D%/release.c %D%/tell.c

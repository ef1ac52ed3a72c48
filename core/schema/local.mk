# schema: the catalogue as data, its difference, its DDL.
core_libcore_la_SOURCES += %D%/shape.c %D%/shape.h %D%/own.c %D%/own.h %D%/type.c \
	%D%/names.c %D%/normal.c %D%/normal.h %D%/finish.c %D%/canon.c %D%/canon.h \
	%D%/fingerprint.c %D%/write.c %D%/load.c \
	%D%/diff.h %D%/differ.h %D%/diff.c %D%/diff_table.c %D%/pairs.c %D%/match.c \
	%D%/guess.c \
	%D%/lower.c %D%/foreign.c %D%/foreign.h %D%/portable.c \
	%D%/ddl.h %D%/ddl.c %D%/ddl_text.c %D%/ddl_plan.c %D%/ddl_fate.c \
	%D%/ddl_aside.c %D%/ddl_constraint.c %D%/ddl_table.c %D%/ddl_rename.c \
	%D%/ddl_alter.c %D%/ddl_rebuild.c %D%/ddl_beside.c %D%/ddl_merge.c %D%/script.c \
	%D%/snapshot.c %D%/snapshot.h %D%/cells.c %D%/kinds.c %D%/kinds_beside.c \
	%D%/settle.c %D%/run.c

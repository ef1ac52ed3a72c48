# man: tusk(3) by hand, a page for each public header made from the header itself.
TUSK_DATE = November 23, 2026
CORE_PAGES = %D%/tusk_admin.3 %D%/tusk_args.3 %D%/tusk_db.3 %D%/tusk_dialect.3 \
	%D%/tusk_driver_info.3 %D%/tusk_error.3 %D%/tusk_lexer.3 %D%/tusk_memory.3 \
	%D%/tusk_option.3 %D%/tusk_pool.3 %D%/tusk_rows.3 %D%/tusk_schema.3 %D%/tusk_server.3 \
	%D%/tusk_settings.3 %D%/tusk_stmt.3 %D%/tusk_stream.3 %D%/tusk_trace.3 \
	%D%/tusk_types.3 %D%/tusk_value.3
HEADER_PAGE = $(AM_V_GEN)$(MKDIR_P) $(@D) && $(AWK) -v date='$(TUSK_DATE)' \
	-v page=`basename $@ .3` -v header=`basename $< ` \
	-f $(srcdir)/core/man/header.awk $< >$@.tmp && mv $@.tmp $@
%D%/tusk_%.3: core/include/tusk/%.h $(srcdir)/%D%/header.awk
	$(HEADER_PAGE)
nodist_man_MANS += $(CORE_PAGES)
dist_man_MANS += %D%/tusk.3 %D%/tusk-driver.7
CLEANFILES += $(CORE_PAGES)
EXTRA_DIST += %D%/header.awk

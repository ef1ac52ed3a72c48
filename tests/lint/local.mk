# lint: the conventions, tested.
dist_check_SCRIPTS += %D%/api_docs.sh %D%/codes.sh %D%/format.sh %D%/headers.sh \
	%D%/layers.sh %D%/manual.sh %D%/setup.sh %D%/shell.sh %D%/shellcheck.sh \
	%D%/symbols.sh
EXTRA_DIST += %D%/report.sh
.PHONY: lint-report
lint-report:
	@TUSK_SRC='$(abs_top_srcdir)' sh $(srcdir)/tests/lint/report.sh

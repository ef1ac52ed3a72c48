/*
 * kit/groups.h: every check, by its group.
 */
#ifndef TUSK_KIT_GROUPS_H
#define TUSK_KIT_GROUPS_H

#include "check.h"

/* A line each. */
/* clang-format off */
#define KIT_GROUP_A(XX) \
	XX(elf_valid, KIT_FILE, 0) \
	XX(elf_machine, KIT_FILE, 0) \
	XX(note_present, KIT_FILE, 0) \
	XX(note_name_valid, KIT_FILE, 0) \
	XX(note_matches_table, KIT_LOADED, 0) \
	XX(owner_mode, KIT_FILE, 0) \
	XX(parents_safe, KIT_FILE, 0) \
	XX(no_rpath_relative, KIT_FILE, 0) \
	XX(no_textrel_execstack, KIT_FILE, 0) \
	XX(needed_libs_resolve, KIT_FILE, 0) \
	XX(bind_now_loads, KIT_FILE, 0) \
	XX(only_entry_exported, KIT_FILE, 0) \
	XX(ctor_side_effects, KIT_FILE, 0)

#define KIT_GROUP_B(XX) \
	XX(entry_v1, KIT_FILE, 0) \
	XX(host_minor_0, KIT_FILE, 0) \
	XX(host_minor_plus_5, KIT_FILE, 0) \
	XX(host_struct_small, KIT_FILE, 0) \
	XX(host_struct_large, KIT_FILE, 0) \
	XX(table_size_sane, KIT_LOADED, 0) \
	XX(table_const_stable, KIT_LOADED, 0) \
	XX(required_hooks, KIT_LOADED, 0) \
	XX(hooks_executable, KIT_LOADED, 0) \
	XX(ctx_struct_small, KIT_SQL, 0) \
	XX(outcome_struct_small, KIT_OPEN, 0) \
	XX(unknown_flags_ignored, KIT_SQL, 0)

#define KIT_GROUP_C(XX) \
	XX(caps_imply_hooks, KIT_LOADED, 0) \
	XX(hooks_imply_caps, KIT_LOADED, 0) \
	XX(langs_match_models, KIT_LOADED, 0) \
	XX(options_documented, KIT_LOADED, 0) \
	XX(options_secret_marked, KIT_LOADED, 0) \
	XX(schemes_unique, KIT_LOADED, 0) \
	XX(client_version_reported, KIT_TABLE, 0) \
	XX(license_set, KIT_LOADED, 0)

#define KIT_GROUP_D(XX) \
	XX(crash_in_entry, KIT_FILE, 0) \
	XX(crash_in_open, KIT_OPEN, 0) \
	XX(hang_in_open, KIT_OPEN, 0) \
	XX(ok_with_null_handle, KIT_OPEN, 0) \
	XX(unknown_rc, KIT_SQL, 0) \
	XX(columns_null_name, KIT_SQL, 0) \
	XX(fetch_overreports, KIT_SQL, 0) \
	XX(bad_type_tag, KIT_SQL, 0) \
	XX(len_past_buffer, KIT_SQL, 0) \
	XX(invalid_utf8, KIT_SQL, 0) \
	XX(writes_past_struct, KIT_SQL, 0) \
	XX(error_not_terminated, KIT_SQL, 0) \
	XX(leaks_per_open, KIT_OPEN, 0) \
	XX(leaks_per_query, KIT_SQL, 0) \
	XX(malloc_fails_nth, KIT_SQL, 0) \
	XX(callback_abort_honoured, KIT_SQL, 0) \
	XX(log_flood_bounded, KIT_SQL, 0) \
	XX(exits_or_aborts_process, KIT_SQL, 0) \
	XX(quarantined_after_crash, KIT_SQL, 0)

#define KIT_GROUP_E(XX) \
	XX(open_close_1000, KIT_OPEN, 0) \
	XX(open_bad_host_deadline, KIT_OPEN, 0) \
	XX(open_bad_password_code, KIT_OPEN, 0) \
	XX(open_unknown_option_named, KIT_OPEN, 0) \
	XX(secret_not_in_errors, KIT_OPEN, 0) \
	XX(state_without_io, KIT_OPEN, 0) \
	XX(ping_after_server_kill, KIT_OPEN, 0) \
	XX(reset_clears_session, KIT_SQL, 0) \
	XX(server_notices_to_log, KIT_SQL, 0)

#define KIT_GROUP_H(XX) \
	XX(zero_rows_has_columns, KIT_SQL, 0) \
	XX(zero_columns, KIT_SQL, 0) \
	XX(dup_column_names, KIT_SQL, 0) \
	XX(many_columns, KIT_SQL, 0) \
	XX(end_is_sticky, KIT_SQL, 0) \
	XX(pointers_stable_until_next_fetch, KIT_SQL, 0) \
	XX(early_close_reusable, KIT_SQL, 0) \
	XX(two_cursors_or_clean_error, KIT_SQL, 0) \
	XX(several_results, KIT_SQL, 1ull << TUSK_CAP_MULTI_RESULT) \
	XX(ddl_under_prepared_statement, KIT_SQL, 1ull << TUSK_CAP_PREPARE) \
	XX(show_and_explain_work, KIT_SQL, 0)

#define KIT_GROUP_J(XX) \
	XX(commit_rollback, KIT_SQL, 1ull << TUSK_CAP_TXN) \
	XX(savepoint_nest, KIT_SQL, 1ull << TUSK_CAP_TXN) \
	XX(failed_txn_state, KIT_SQL, 1ull << TUSK_CAP_TXN) \
	XX(isolation_effective_or_error, KIT_SQL, 1ull << TUSK_CAP_TXN) \
	XX(read_only_enforced, KIT_SQL, 1ull << TUSK_CAP_TXN) \
	XX(ddl_txn_as_declared, KIT_SQL, 1ull << TUSK_CAP_TXN) \
	XX(lock_excludes_second_process, KIT_SQL, 1ull << TUSK_CAP_LOCK)
/* clang-format on */

#define XX(name, needs, caps) KIT_CHECK(name);
KIT_GROUP_A(XX)
KIT_GROUP_B(XX)
KIT_GROUP_C(XX)
KIT_GROUP_D(XX)
KIT_GROUP_E(XX)
KIT_GROUP_H(XX)
KIT_GROUP_J(XX)
#undef XX

#endif

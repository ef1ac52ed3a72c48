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

/* clang-format on */

#define XX(name, needs, caps) KIT_CHECK(name);
KIT_GROUP_A(XX)
KIT_GROUP_B(XX)
KIT_GROUP_C(XX)
KIT_GROUP_D(XX)
#undef XX

#endif

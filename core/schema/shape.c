#include "schema/shape.h"

#include <base/text.h>
#include <stddef.h>
#include <string.h>

const char *const tusk__identity_words[] = { "none", "always", "default",
	                                     "auto", "rowid",  NULL };
const char *const tusk__conflict_words[] = { "abort",  "rollback", "fail",
	                                     "ignore", "replace",  NULL };
const char *const tusk__action_words[] = { "no action", "restrict",    "cascade",
	                                   "set null",  "set default", NULL };
const char *const tusk__defer_words[] = { "no", "immediate", "deferred", NULL };

uint8_t tusk__word_number(const char *const *words, const char *word, size_t len)
{
	for (uint8_t i = 0; words[i]; i++)
		if (tusk__case_eq(word, len, words[i]))
			return i;
	return 0;
}

/* clang-format off */
#define AT(member) .at = offsetof(STRUCT, member)
#define TEXT(key_, member, ...) { .key = key_, AT(member), .kind = TUSK__FIELD_TEXT, __VA_ARGS__ }
#define SQL(key_, member, ...) { .key = key_, AT(member), .kind = TUSK__FIELD_SQL, __VA_ARGS__ }
#define BOOL(key_, member, ...) { .key = key_, AT(member), .kind = TUSK__FIELD_BOOL, __VA_ARGS__ }
#define CHAR(key_, member, ...) { .key = key_, AT(member), .kind = TUSK__FIELD_CHAR, __VA_ARGS__ }
#define BITS(key_, member, ...) { .key = key_, AT(member), .kind = TUSK__FIELD_BITS, __VA_ARGS__ }
#define TYPE(key_, member, ...) { .key = key_, AT(member), .kind = TUSK__FIELD_TYPE, __VA_ARGS__ }
#define INT(key_, member, ...) { .key = key_, AT(member), .kind = TUSK__FIELD_INT, __VA_ARGS__ }
#define SIZE(key_, member, ...) { .key = key_, AT(member), .kind = TUSK__FIELD_SIZE, __VA_ARGS__ }
#define LONG(key_, member, ...) { .key = key_, AT(member), .kind = TUSK__FIELD_LONG, __VA_ARGS__ }
#define WORD(key_, member, words_, ...) { .key = key_, AT(member), .kind = TUSK__FIELD_WORD, .words = words_, __VA_ARGS__ }
#define TEXTS(key_, member, count, ...) { .key = key_, AT(member), .count_at = offsetof(STRUCT, count), .kind = TUSK__FIELD_TEXTS, __VA_ARGS__ }
#define LIST(key_, member, shape_, ...) { .key = key_, AT(member), .count_at = offsetof(STRUCT, n##member), .kind = TUSK__FIELD_LIST, .shape = &tusk__shape_##shape_, __VA_ARGS__ }
#define SHAPE(word, fields_) \
	const tusk__shape tusk__shape_##word = { #word, sizeof(STRUCT), sizeof(fields_) / sizeof(fields_[0]), fields_ }

#define C .flags = TUSK__COMPARED
#define C_NAME .flags = TUSK__COMPARED | TUSK__UNLESS_AUTO
#define C_TYPE .flags = TUSK__COMPARED | TUSK__FOLDED, .change = TUSK_CHANGE_COLUMN_TYPE
#define C_UNTYPED .flags = TUSK__COMPARED | TUSK__UNTYPED, .change = TUSK_CHANGE_COLUMN_TYPE
#define C_SET .flags = TUSK__COMPARED | TUSK__SORTED
#define C_ONCE .flags = TUSK__COMPARED | TUSK__SORTED | TUSK__ONCE
#define C_(kind) .flags = TUSK__COMPARED, .change = TUSK_CHANGE_##kind

#define STRUCT tusk_schema_column
static const tusk__field column[] = {
	BITS("bits", bits, C_UNTYPED),
	TEXT("collation", collation, C_(COLUMN_COLLATION)),
	TEXT("comment", comment, C_(COMMENT)),
	SQL("default", def, C_(COLUMN_DEFAULT)),
	SQL("generated", generated, C_(COLUMN_GENERATED)),
	WORD("identity", identity, tusk__identity_words, C_(COLUMN_IDENTITY)),
	SIZE("length", length, C_UNTYPED),
	TYPE("logical", logical, C_UNTYPED),
	TEXT("name", name, C),
	BOOL("not_null", not_null, C_(COLUMN_NULL)),
	WORD("on_conflict", on_conflict, tusk__conflict_words, C_(COLUMN_NULL)),
	SIZE("precision", precision, C_UNTYPED),
	SIZE("scale", scale, C_UNTYPED),
	TEXT("sequence", sequence),
	BOOL("stored", stored, C_(COLUMN_GENERATED)),
	TEXT("type", type, C_TYPE),
	TEXT("type_schema", type_schema, C_(COLUMN_TYPE)),
	TEXT("was", was),
};
SHAPE(column, column);
#undef STRUCT

#define STRUCT tusk_schema_part
static const tusk__field part[] = {
	TEXT("collation", collation, C),
	TEXT("column", column, C),
	BOOL("descending", descending, C),
	SQL("expression", expression, C),
	BOOL("included", included, C),
	BOOL("nulls_first", nulls_first, C),
	TEXT("opclass", opclass, C),
	INT("prefix", prefix, C),
};
SHAPE(part, part);
#undef STRUCT

#define STRUCT tusk_schema_key
static const tusk__field key[] = {
	BOOL("auto_name", auto_name),
	WORD("deferrable", deferrable, tusk__defer_words, C),
	TEXT("index", index),
	CHAR("kind", kind, C),
	TEXT("name", name, C_NAME),
	BOOL("nulls_same", nulls_same, C),
	WORD("on_conflict", on_conflict, tusk__conflict_words, C),
	LIST("parts", parts, part, C),
	SQL("text", text, C),
};
SHAPE(key, key);
#undef STRUCT

#define STRUCT tusk_schema_foreign_key
static const tusk__field foreign_key[] = {
	BOOL("auto_name", auto_name),
	TEXTS("columns", columns, n, C),
	WORD("deferrable", deferrable, tusk__defer_words, C),
	BOOL("match_full", match_full, C),
	TEXT("name", name, C_NAME),
	BOOL("not_valid", not_valid, C),
	WORD("on_delete", on_delete, tusk__action_words, C),
	WORD("on_update", on_update, tusk__action_words, C),
	TEXTS("ref_columns", ref_columns, n, C),
	TEXT("ref_schema", ref_schema, C),
	TEXT("ref_table", ref_table, C),
};
SHAPE(foreign_key, foreign_key);
#undef STRUCT

#define STRUCT tusk_schema_check
static const tusk__field check[] = {
	BOOL("auto_name", auto_name),
	SQL("expression", expression, C),
	TEXT("name", name, C_NAME),
	BOOL("not_valid", not_valid, C),
	BOOL("of_type", of_type),
};
SHAPE(check, check);
#undef STRUCT

#define STRUCT tusk_schema_index
static const tusk__field index_[] = {
	BOOL("invalid", invalid, C),
	TEXT("method", method, C),
	TEXT("name", name, C),
	BOOL("nulls_same", nulls_same, C),
	TEXT("options", options, C),
	LIST("parts", parts, part, C),
	SQL("predicate", predicate, C),
	BOOL("unique", unique, C),
};
SHAPE(index, index_);
#undef STRUCT

#define STRUCT tusk_schema_trigger
static const tusk__field trigger[] = {
	BOOL("disabled", disabled, C),
	TEXT("name", name, C),
	SQL("text", text, C),
};
SHAPE(trigger, trigger);
#undef STRUCT

#define STRUCT tusk_schema_ref
static const tusk__field ref[] = {
	CHAR("kind", kind, C),
	TEXT("name", name, C),
	TEXT("schema", schema, C),
};
SHAPE(ref, ref);
#undef STRUCT

#define STRUCT tusk_schema_table
static const tusk__field table[] = {
	LIST("checks", checks, check, C_ONCE),
	LIST("columns", columns, column, C_SET),
	TEXT("comment", comment, C_(COMMENT)),
	LIST("foreign_keys", foreign_keys, foreign_key, C_ONCE),
	LIST("indexes", indexes, index, C_SET),
	LIST("keys", keys, key, C_ONCE),
	CHAR("kind", kind, C_(TABLE_OPTIONS)),
	TEXT("name", name, C),
	BOOL("named_columns", named_columns, C_(VIEW_CHANGE)),
	TEXT("options", options, C_(TABLE_OPTIONS)),
	TEXT("parent", parent, C_(TABLE_OPTIONS)),
	TEXT("schema", schema, C),
	SQL("text", text, C_(VIEW_CHANGE)),
	LIST("triggers", triggers, trigger, C_SET),
	LIST("uses", uses, ref),
	TEXT("was", was),
};
SHAPE(table, table);
#undef STRUCT

#define STRUCT tusk_schema_type
static const tusk__field type[] = {
	CHAR("kind", kind, C),
	TEXTS("labels", labels, nlabels, C),
	TEXT("name", name, C),
	TEXT("schema", schema, C),
	SQL("text", text, C),
	TEXT("was", was),
};
SHAPE(type, type);
#undef STRUCT

#define STRUCT tusk_schema_sequence
static const tusk__field sequence[] = {
	LONG("cache", cache, C),
	BOOL("cycle", cycle, C),
	LONG("increment", increment, C),
	LONG("max", max, C),
	LONG("min", min, C),
	TEXT("name", name, C),
	TEXT("schema", schema, C),
	LONG("start", start, C),
	TEXT("type", type, C),
};
SHAPE(sequence, sequence);
#undef STRUCT

#define STRUCT tusk_schema_routine
static const tusk__field routine[] = {
	TEXT("arguments", arguments, C),
	TEXT("name", name, C),
	TEXT("schema", schema, C),
	SQL("text", text, C),
	LIST("uses", uses, ref),
};
SHAPE(routine, routine);
#undef STRUCT

#define STRUCT tusk_schema
static const tusk__field schema[] = {
	TEXT("dialect", dialect, C),
	LIST("routines", routines, routine, C_SET),
	LIST("sequences", sequences, sequence, C_SET),
	LIST("tables", tables, table, C_SET),
	LIST("types", types, type, C_SET),
	TEXTS("unread", unread, nunread),
};
SHAPE(schema, schema);
#undef STRUCT
/* clang-format on */

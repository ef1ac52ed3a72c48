#include <base/bytes.h>
#include <base/text.h>
#include <string.h>

#include "schema/normal.h"
#include "schema/own.h"

static const tusk_type_name *row_at(const tusk_dialect *dialect, uint32_t i)
{
	size_t stride =
		dialect->type_stride ? dialect->type_stride : sizeof(tusk_type_name);

	return (const tusk_type_name *)(const void *)((const char *)dialect->types +
	                                              i * stride);
}

/* Digits of a decimal, bits of an integer. */
static bool size_fits(const tusk_type_name *row, const tusk_schema_column *column)
{
	int32_t size = column->precision;

	if (!row->max_precision)
		return true;
	if (row->type == TUSK_INT || row->type == TUSK_UINT)
		size = column->bits ? column->bits : 64;
	return size > 0 && size <= row->max_precision;
}

static bool row_fits(const tusk_type_name *row, const tusk_schema_column *column,
                     bool key)
{
	if (row->type != column->logical || !size_fits(row, column))
		return false;
	return (!(row->needs & TUSK_TN_LENGTH) || column->length > 0) &&
	       (!(row->needs & TUSK_TN_PRECISION) || column->precision > 0) &&
	       (!(row->needs & TUSK_TN_SCALE) || column->scale > 0) &&
	       (!(row->needs & TUSK_TN_AS_KEY) || key) &&
	       (!(row->needs & TUSK_TN_AUTO_KEY) || column->identity);
}

const tusk_type_name *tusk__type_row(const tusk_dialect *dialect,
                                     const tusk_schema_column *column, bool key)
{
	const tusk_type_name *found = NULL;

	for (uint32_t i = 0; i < dialect->ntypes; i++) {
		const tusk_type_name *row = row_at(dialect, i);

		if (!row->ddl || !row_fits(row, column, key))
			continue;
		if (row->needs & TUSK_TN_AUTO_KEY)
			return row;
		if (!found)
			found = row;
	}
	return found;
}

static int fill_one(tusk__bytes *text, const tusk_schema_column *column,
                    const char *name, char what)
{
	switch (what) {
	case 'c':
		return tusk__bytes_str(text, name);
	case 'p':
		return tusk__bytes_printf(text, "%d", (int)column->precision);
	case 's':
		return tusk__bytes_printf(text, "%d",
		                          column->scale > 0 ? (int)column->scale : 0);
	default:
		return tusk__bytes_printf(text, "%d", (int)column->length);
	}
}

const char *tusk__type_fill(tusk__arena *arena, const tusk_dialect *dialect,
                            const tusk_schema_column *column, const char *form)
{
	const char *name = tusk__name_text(arena, dialect, column->name);
	const char *result = NULL;
	tusk__bytes text;

	tusk__bytes_init(&text, 0);
	for (const char *c = form; name && *c; c++) {
		if (c[0] == '{' && c[1] && strchr("cpsn", c[1]) && c[2] == '}') {
			fill_one(&text, column, name, c[1]);
			c += 2;
		} else {
			tusk__bytes_char(&text, *c);
		}
	}
	if (name && !text.state)
		result = tusk__arena_text(arena, text.p ? text.p : "", text.len);
	tusk__bytes_clear(&text);
	return result;
}

/* A row that makes checks of this type makes this one. */
static int row_makes(tusk__arena *arena, const tusk__names *names,
                     const tusk_schema_column *column, const tusk_type_name *row,
                     const tusk_schema_table *table)
{
	const char *text = tusk__type_fill(arena, names->dialect, column, row->check);
	const char *same;

	if (!text || tusk__normal(arena, names, text, &same) < 0)
		return TUSK_E_NOMEM;
	for (uint32_t i = 0; i < table->nchecks; i++) {
		tusk_schema_check *check = tusk__mutable(&table->checks[i]);

		if (!check->of_type && check->expression.same &&
		    !strcmp(check->expression.same, same)) {
			check->of_type = true;
			return 1;
		}
	}
	return 0;
}

int tusk__type_checks(tusk__arena *arena, const tusk__names *names,
                      const tusk_dialect *dialect, const tusk_schema_table *table)
{
	for (uint32_t c = 0; c < table->ncolumns; c++)
		for (uint32_t i = 0; i < dialect->ntypes; i++) {
			const tusk_type_name *row = row_at(dialect, i);
			int st;

			if (!row->check || row->type != table->columns[c].logical)
				continue;
			st = row_makes(arena, names, &table->columns[c], row, table);
			if (st < 0)
				return st;
			if (st > 0)
				break;
		}
	return 0;
}

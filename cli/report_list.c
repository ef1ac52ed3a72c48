#include <base/alloc.h>
#include <base/fail.h>

#include "report.h"

tusk_value report_known(const char *text)
{
	return tusk_from_str(text && *text ? text : NULL);
}

int report_rows(cli *c, const tusk_column *columns, uint32_t n, tusk_error *err)
{
	const tusk_column **list = tusk__new(n, sizeof(*list));
	int st;

	if (!list)
		return tusk__nomem(err);
	for (uint32_t i = 0; i < n; i++)
		list[i] = &columns[i];
	if (c->envelope)
		c->out.writer = &out_records;
	st = out_begin(&c->out, list, n, err);
	tusk_release(list);
	return st;
}

int report_list(cli *c, const char *name, const tusk_column *columns, uint32_t n,
                tusk_error *err)
{
	tusk__json *j = report_data(c);

	if (j) {
		tusk__json_object(j);
		tusk__json_key(j, name);
		tusk__json_array(j);
	}
	return report_rows(c, columns, n, err);
}

int report_row(cli *c, const tusk_value *cells, tusk_error *err)
{
	return out_row(&c->out, cells, err);
}

int report_list_end(cli *c, tusk_error *err)
{
	int st = out_end(&c->out, NULL, err);

	if (c->envelope) {
		tusk__json_end(&c->json);
		tusk__json_end(&c->json);
	}
	return st;
}

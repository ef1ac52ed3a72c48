#include "output.h"

#include <base/fail.h>
#include <base/place.h>

#include "report.h"

static int check(const cli *c, tusk_error *err)
{
	return tusk__place_apart_open(c->line.texts[OPT_OUTPUT], c->sink.fd, err);
}

int output_begin(cli *c, tusk_error *err)
{
	const char *path = c->line.texts[OPT_OUTPUT];
	const char *format = c->line.texts[OPT_FORMAT];
	int st;

	if (!path)
		return 0;
	st = check(c, err);
	if (st == 0)
		st = sink_to_file(&c->sink, path, err);
	if (st < 0)
		return st;
	c->out.terminal = false;
	c->out.colour = false;
	if (c->envelope) {
		tusk__json_init(&c->file_json, sink_json, &c->sink);
		c->out.json = &c->file_json;
		c->out.writer = format ? out_writer_of(format) : &out_envelope;
	}
	return 0;
}

tusk__json *output_json(cli *c)
{
	return c->sink.to_file && c->envelope ? &c->file_json : NULL;
}

int output_end(cli *c, const int64_t *rows, tusk_error *err)
{
	tusk__json *j;
	int st;

	if (!c->sink.to_file)
		return 0;
	st = check(c, err);
	if (st < 0 || !c->envelope)
		return st;
	if (tusk__json_finish(&c->file_json) == TUSK_E_NOMEM)
		return tusk__nomem(err);
	sink_flush(&c->sink); /* its failure is told when it is closed */
	j = report_data(c);
	tusk__json_object(j);
	tusk__json_key(j, "file");
	tusk__json_str(j, c->line.texts[OPT_OUTPUT]);
	if (rows) {
		tusk__json_key(j, "rows");
		tusk__json_int(j, *rows);
	}
	tusk__json_key(j, "bytes");
	tusk__json_int(j, (int64_t)c->sink.written);
	tusk__json_end(j);
	return 0;
}

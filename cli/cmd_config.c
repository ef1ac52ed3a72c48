#include "commands.h"
#include "report.h"
#include "session.h"

int cmd_config(cli *c, tusk_error *err)
{
	static const tusk_column columns[] = {
		REPORT_COLUMN("section", TUSK_TEXT),
		REPORT_COLUMN("key", TUSK_TEXT),
		REPORT_COLUMN("value", TUSK_TEXT),
		REPORT_COLUMN("origin", TUSK_TEXT),
	};
	tusk_conf_entry e;
	int st = session_conf(c, err);

	if (st == 0)
		st = cli_format(c, "table", err);
	if (st == 0)
		st = report_list(c, "settings", columns, 4, err);
	for (uint32_t i = 0; st == 0 && tusk_conf_at(c->conf, i, &e) >= 0; i++) {
		const tusk_value cells[] = { tusk_from_str(e.section),
			                     tusk_from_str(e.key),
			                     tusk_from_str(e.value),
			                     tusk_from_str(e.origin) };

		st = report_row(c, cells, err);
	}
	return st < 0 ? st : report_list_end(c, err);
}

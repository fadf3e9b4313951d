/* The options about output: what they take, and what they go with. */
#pragma once

#include "cli.h"

/* The value of --group-by. FALSE with PF_STATUS_USAGE, as all here. */
gboolean output_options_group (Cli *self, const char *value, GError **error);

/* Whether the formats and what goes with them fit the action. */
gboolean output_options_check (const Cli *self, GError **error);

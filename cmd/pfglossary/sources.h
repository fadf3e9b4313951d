/* What is looked at before sources are read and a file is made of them. */
#pragma once

#include "pfproc.h"

/* Whether PATH is a file, and not standard input or the built-in list. */
gboolean is_file_name (const char *path);

/* Looks at SPEC, a source, on the way to OUTPUT (NULL: standard output).
 * *N_STDIN counts how often standard input was named. The path of the source
 * (transfer full), or NULL where *STATUS is the exit code and all has been
 * said: the specification makes no sense, OUTPUT is that file, or standard
 * input is named twice. */
char *check_source (const char *spec, const char *output, guint *n_stdin,
                    int *status);

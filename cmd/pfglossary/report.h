/* What goes to standard error, and whether standard output took it all. */
#pragma once

#include "pfproc.h"

/* "pfglossary: MESSAGE" on standard error. */
void report (const char *format, ...) G_GNUC_PRINTF (1, 2);

/* Tells of ERROR (transfer full) and returns its exit code. */
int report_error (GError *error);

/* What --lenient passed over; for PfGlossaryOptions. */
void report_skipped (const char *source, guint64 lines, const char *first,
                     gpointer user);

/* The exit code after writing to standard output. */
int finish_output (void);

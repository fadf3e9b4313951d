/* What the program says on standard error: one line each, "pfproc: ...".
 * Lines are whole whichever threads write them.
 */
#pragma once

#include "pfproc.h"

void diag (const char *format, ...) G_GNUC_PRINTF (1, 2);

/* For PfRunConfig.message. */
void diag_message (const PfMessage *message, gpointer user);

/* For PfGlossaryOptions.skipped. */
void diag_skipped (const char *source, guint64 lines, const char *first,
                   gpointer user);

/* For --verbose: what of the inputs was passed over without a word. */
void diag_passed_over (const PfSummary *summary);

/* What is left to say when all is done. */
void diag_summary (const PfSummary *summary, gboolean quiet);

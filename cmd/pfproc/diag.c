#include "diag.h"

#include <stdio.h>
#include <unistd.h>

#define CONTENT_HINT                                                           \
  "standard input is read as a list of file names; use - to process its"       \
  " contents"

void
diag (const char *format, ...)
{
  g_autofree char *text = NULL, *shown = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  shown = pf_display_text (text, isatty (STDERR_FILENO));
  /* One call, so that the stream's lock keeps the line whole. */
  fprintf (stderr, "pfproc: %s\n", shown);
}

void
diag_message (const PfMessage *message, gpointer user G_GNUC_UNUSED)
{
  diag ("%s: %s", message->path, message->text);
  if (message->looks_like_content)
    diag (CONTENT_HINT);
}

void
diag_skipped (const char *source, guint64 lines, const char *first,
              gpointer user G_GNUC_UNUSED)
{
  diag ("%s: %" G_GUINT64_FORMAT " malformed line%s skipped; first: %s", source,
        lines, lines == 1 ? "" : "s", first);
}

void
diag_summary (const PfSummary *summary, gboolean quiet)
{
  if (summary->binaries > 0 && !quiet)
    diag ("%" G_GUINT64_FORMAT " binary file%s skipped; first: %s",
          summary->binaries, summary->binaries == 1 ? "" : "s",
          summary->first_binary);
  if (summary->left_out > 0)
    diag ("%" G_GUINT64_FORMAT " match%s left out: a SARIF log has at most"
          " 25,000 results",
          summary->left_out, summary->left_out == 1 ? "" : "es");
  if (summary->failed > 0)
    diag ("%" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT
          " files failed; first: %s: %s",
          summary->failed, summary->files, summary->first_failed,
          summary->first_message);
  if (summary->looks_like_content)
    diag (CONTENT_HINT);
}

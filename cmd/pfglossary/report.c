#include "report.h"

#include <stdio.h>
#include <unistd.h>

void
report (const char *format, ...)
{
  g_autofree char *text = NULL, *shown = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  shown = pf_display_text (text, isatty (STDERR_FILENO));
  fprintf (stderr, "pfglossary: %s\n", shown);
}

int
report_error (GError *error)
{
  int status = error->code;

  report ("%s", error->message);
  g_error_free (error);
  return status;
}

void
report_skipped (const char *source, guint64 lines, const char *first,
                gpointer user G_GNUC_UNUSED)
{
  report ("%s: %" G_GUINT64_FORMAT " malformed line%s skipped; first: %s",
          source, lines, lines == 1 ? "" : "s", first);
}

int
finish_output (void)
{
  if (!ferror (stdout) && fflush (stdout) == 0)
    return PF_STATUS_OK;
  report ("standard output: write failed");
  return PF_STATUS_IO;
}

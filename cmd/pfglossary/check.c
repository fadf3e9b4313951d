#include "check.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "pfproc.h"
#include "report.h"
#include "take_option.h"

typedef struct {
  PfGlossaryOptions options;
  const char *shown; /* of the present file */
  int status;        /* that it comes to */
} Check;

static void
raise_to (Check *self, int status)
{
  if (self->status <= PF_STATUS_ANSWER_NO && status > self->status)
    self->status = status;
}

/* A note alone is no reason to fail. */
static void
print_finding (const PfFinding *finding, gpointer user)
{
  static const char *const names[] = { [PF_FINDING_ERROR] = "error",
                                       [PF_FINDING_WARNING] = "warning",
                                       [PF_FINDING_NOTE] = "note" };
  static const int statuses[] = { [PF_FINDING_ERROR] = PF_STATUS_DATA,
                                  [PF_FINDING_WARNING] = PF_STATUS_ANSWER_NO,
                                  [PF_FINDING_NOTE] = PF_STATUS_OK };
  Check *self = user;
  g_autofree char *text =
      pf_display_text (finding->text, isatty (STDOUT_FILENO));

  printf ("%s:%" G_GUINT64_FORMAT ": %s: %s\n", self->shown, finding->line,
          names[finding->kind], text);
  raise_to (self, statuses[finding->kind]);
}

/* SOURCE as its findings name it. (transfer full) NULL with an error. */
static char *
shown_name (const char *source, GError **error)
{
  g_autofree char *path = pf_glossary_source_path (source, error);

  if (path == NULL)
    return NULL;
  return strcmp (path, "-") == 0
             ? g_strdup ("(standard input)")
             : pf_display_text (path, isatty (STDOUT_FILENO));
}

static void
check_source (Check *self, const char *source)
{
  GError *error = NULL;
  g_autofree char *shown = shown_name (source, &error);

  self->shown = shown;
  if (shown == NULL ||
      !pf_glossary_lint (source, &self->options, print_finding, self, &error)) {
    /* What was found comes before what ended it. */
    fflush (stdout);
    raise_to (self, report_error (error));
  }
}

/* The first file that fails counts; then whether there is any warning. */
static int
check_all (Check *self, char **sources, int n)
{
  int written;

  for (int i = 0; i < n; i++)
    check_source (self, sources[i]);
  written = finish_output ();
  return written != PF_STATUS_OK ? written : self->status;
}

int
check (int argc, char **argv)
{
  Check self = { 0 };
  int n = take_options (&self.options, argc, argv);

  return n > 0 ? check_all (&self, argv + 1, n) : -1;
}

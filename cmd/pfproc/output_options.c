#include "output_options.h"

#include <string.h>

#define DEPTH_MAX 4096

static gboolean
refuse (GError **error, const char *text)
{
  g_set_error_literal (error, PF_ERROR, PF_STATUS_USAGE, text);
  return FALSE;
}

gboolean
output_options_group (Cli *self, const char *value, GError **error)
{
  PfRunConfig *run = &self->run;
  guint64 depth;

  if (strcmp (value, "label") == 0)
    run->group = PF_GROUP_LABEL;
  else if (strcmp (value, "glossary") == 0)
    run->group = PF_GROUP_GLOSSARY;
  else if (g_ascii_string_to_unsigned (value, 10, 1, DEPTH_MAX, &depth, NULL)) {
    run->group = PF_GROUP_FOLDER;
    run->group_depth = (guint)depth;
  } else {
    g_set_error (error, PF_ERROR, PF_STATUS_USAGE,
                 "--group-by takes label, glossary or a number from 1 to %d,"
                 " not '%s'",
                 DEPTH_MAX, value);
    return FALSE;
  }
  return TRUE;
}

/* Without matches there is nothing that these formats could say. */
static gboolean
check_format (const PfRunConfig *run, GError **error)
{
  if (run->action == PF_RUN_FIND)
    return TRUE;
  if (run->format == PF_FORMAT_SARIF)
    return refuse (error, "--format=sarif is for --find: it has no place for"
                          " anything but matches");
  if (run->format == PF_FORMAT_GITHUB)
    return refuse (error, "--format=github is for --find: it has no place for"
                          " anything but matches");
  return TRUE;
}

static gboolean
check_total (const PfRunConfig *run, GError **error)
{
  if (run->action == PF_RUN_TOTAL) {
    if (run->zero && run->group == PF_GROUP_FOLDER)
      return refuse (error, "--zero makes no sense with --group-by=DEPTH: there"
                            " is no end of folders without a match");
    return TRUE;
  }
  if (run->zero)
    return refuse (error, "--zero is for --total only");
  if (run->top > 0)
    return refuse (error, "--top is for --total only");
  if (run->group != PF_GROUP_TERM)
    return refuse (error, "--group-by is for --total only");
  return TRUE;
}

gboolean
output_options_check (const Cli *self, GError **error)
{
  const PfRunConfig *run = &self->run;

  if (run->header && run->format != PF_FORMAT_TSV)
    return refuse (error, "--header is for --format=tsv only");
  if (run->null_output && run->format != PF_FORMAT_TEXT)
    return refuse (error, "--null-output is for --format=text only: other"
                          " formats escape names");
  if (run->null_output && run->action == PF_RUN_TOTAL)
    return refuse (error, "--null-output makes no sense with --total: it names"
                          " no files");
  return check_format (run, error) && check_total (run, error);
}

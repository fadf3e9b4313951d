#include "sources.h"

#include <string.h>
#include <sys/stat.h>

#include "report.h"

gboolean
is_file_name (const char *path)
{
  return strcmp (path, "-") != 0 && path[0] != '@';
}

/* Also where neither is there yet. */
static gboolean
is_same_file (const char *a, const char *b)
{
  struct stat x, y;

  return strcmp (a, b) == 0 || (stat (a, &x) == 0 && stat (b, &y) == 0 &&
                                x.st_dev == y.st_dev && x.st_ino == y.st_ino);
}

static gboolean
refuse (const char *path, const char *why, int *status)
{
  report ("%s: %s", path, why);
  *status = PF_STATUS_USAGE;
  return FALSE;
}

static gboolean
may_read (const char *spec, const char *path, const char *output,
          guint *n_stdin, int *status)
{
  if (strcmp (path, "-") == 0 && ++*n_stdin > 1)
    return refuse (spec, "standard input can be read once only", status);
  if (output != NULL && is_same_file (path, output))
    return refuse (output, "the output would replace a source", status);
  return TRUE;
}

char *
check_source (const char *spec, const char *output, guint *n_stdin, int *status)
{
  GError *error = NULL;
  g_autofree char *path = pf_glossary_source_path (spec, &error);

  if (path == NULL) {
    *status = report_error (error);
    return NULL;
  }
  return may_read (spec, path, output, n_stdin, status)
             ? g_steal_pointer (&path)
             : NULL;
}

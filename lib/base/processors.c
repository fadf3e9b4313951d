/* libuv knows affinity and cpusets, not quotas. A quota may stand at any level
 * above the process; the smallest holds. */
#include "base/processors.h"

#include <math.h>
#include <string.h>
#include <uv.h>

#define CGROUP_V2 "/sys/fs/cgroup"
#define CGROUP_V1 "/sys/fs/cgroup/cpu"

/* The numbers in FILE; "max" counts as none. */
static gboolean
read_numbers (const char *directory, const char *file, double *a, double *b)
{
  g_autofree char *path = g_build_filename (directory, file, NULL);
  g_autofree char *text = NULL;
  char *end;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return FALSE;
  *a = g_ascii_strtod (text, &end);
  if (end == text)
    return FALSE;
  if (b != NULL)
    *b = g_ascii_strtod (end, NULL);
  return TRUE;
}

/* Quota over period of the group at DIRECTORY, or infinity. */
static double
quota_of (const char *directory)
{
  double quota, period;

  if (!read_numbers (directory, "cpu.max", &quota, &period) &&
      !(read_numbers (directory, "cpu.cfs_quota_us", &quota, NULL) &&
        read_numbers (directory, "cpu.cfs_period_us", &period, NULL)))
    return INFINITY;
  return quota > 0 && period > 0 ? quota / period : INFINITY;
}

/* The least quota from ROOT/GROUP up to ROOT. */
static double
least_quota (const char *root, const char *group)
{
  g_autofree char *path = g_strconcat (root, group, NULL);
  gsize root_len = strlen (root);
  double least = INFINITY;

  for (;;) {
    char *slash;

    least = fmin (least, quota_of (path));
    slash = strrchr (path, '/');
    if (slash == NULL || (gsize)(slash - path) < root_len)
      return least;
    *slash = '\0';
  }
}

/* LINE is HIERARCHY:CONTROLLERS:PATH; v2 has no controllers. */
static double
quota_of_line (const char *line)
{
  g_auto (GStrv) fields = g_strsplit (line, ":", 3);
  g_auto (GStrv) controllers = NULL;

  if (g_strv_length (fields) != 3)
    return INFINITY;
  if (fields[1][0] == '\0')
    return least_quota (CGROUP_V2, fields[2]);
  controllers = g_strsplit (fields[1], ",", -1);
  return g_strv_contains ((const char *const *)controllers, "cpu")
             ? least_quota (CGROUP_V1, fields[2])
             : INFINITY;
}

guint
pf_usable_processors (void)
{
  double usable = uv_available_parallelism ();
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  if (!g_file_get_contents ("/proc/self/cgroup", &text, NULL, NULL))
    return (guint)MAX (usable, 1);
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    usable = fmin (usable, ceil (quota_of_line (lines[i])));
  return (guint)fmax (usable, 1);
}

/* What a control group uses already is not counted, since much of it may be
 * file pages that give way. */
#include "base/memory.h"

#include <string.h>
#include <sys/resource.h>

/* The number in FILE; "max" counts as none. */
static guint64
read_limit (const char *file)
{
  g_autofree char *text = NULL;
  char *end;
  guint64 limit;

  if (!g_file_get_contents (file, &text, NULL, NULL))
    return G_MAXUINT64;
  limit = g_ascii_strtoull (text, &end, 10);
  return end != text ? limit : G_MAXUINT64;
}

/* The line KEY of /proc/meminfo or the like, in bytes, or 0. */
static guint64
find_amount (const char *text, const char *key)
{
  const char *line = strstr (text, key);

  return line != NULL ? g_ascii_strtoull (line + strlen (key), NULL, 10) << 10
                      : 0;
}

static guint64
system_memory (void)
{
  g_autofree char *text = NULL;
  guint64 available;

  if (!g_file_get_contents ("/proc/meminfo", &text, NULL, NULL))
    return G_MAXUINT64;
  available = find_amount (text, "\nMemAvailable:");
  return available > 0 ? available + find_amount (text, "\nSwapFree:")
                       : G_MAXUINT64;
}

guint64
pf_available_memory (void)
{
  guint64 v1 = read_limit ("/sys/fs/cgroup/memory/memory.limit_in_bytes");
  guint64 v2 = read_limit ("/sys/fs/cgroup/memory.max");

  return MIN (system_memory (), MIN (v1, v2));
}

/* getrusage is the second choice: it goes on with the peak of what the process
 * was before it became this program. */
guint64
pf_peak_memory (void)
{
  g_autofree char *text = NULL;
  struct rusage usage = { 0 };
  guint64 peak = 0;

  if (g_file_get_contents ("/proc/self/status", &text, NULL, NULL))
    peak = find_amount (text, "\nVmHWM:");
  if (peak == 0 && getrusage (RUSAGE_SELF, &usage) == 0)
    peak = (guint64)usage.ru_maxrss << 10;
  return peak;
}

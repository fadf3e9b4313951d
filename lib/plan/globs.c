#include "plan/globs.h"

#include <fnmatch.h>

gboolean
pf_glob_matches (const char *pattern, const char *path)
{
  const char *slash = strrchr (path, '/');

  if (strchr (pattern, '/') == NULL)
    return fnmatch (pattern, slash != NULL ? slash + 1 : path, 0) == 0;
  for (; path != NULL; path = slash != NULL ? slash + 1 : NULL) {
    if (fnmatch (pattern, path, 0) == 0)
      return TRUE;
    slash = strchr (path, '/');
  }
  return FALSE;
}

gboolean
pf_globs_take_file (const PfGlobs *self, const char *path)
{
  for (gsize i = self->n_files; i-- > 0;)
    if (pf_glob_matches (self->files[i].pattern, path))
      return !self->files[i].excludes;
  return self->n_files == 0 || self->files[0].excludes;
}

/* Without slashes at its end. (transfer full) */
static char *
without_slashes (const char *path)
{
  gsize len = strlen (path);

  while (len > 1 && path[len - 1] == '/')
    len--;
  return g_strndup (path, len);
}

static gboolean
has_name (const char *path)
{
  const char *slash = strrchr (path, '/');
  const char *base = slash != NULL ? slash + 1 : path;

  return *base != '\0' && strcmp (base, ".") != 0 && strcmp (base, "..") != 0;
}

gboolean
pf_globs_take_directory (const PfGlobs *self, const char *path)
{
  g_autofree char *name = NULL;

  if (self->n_directories == 0)
    return TRUE;
  name = without_slashes (path);
  for (gsize i = 0; has_name (name) && i < self->n_directories; i++) {
    g_autofree char *pattern = without_slashes (self->directories[i]);

    if (pf_glob_matches (pattern, name))
      return FALSE;
  }
  return TRUE;
}

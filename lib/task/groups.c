#include "task/groups.h"

#include <errno.h>
#include <stdlib.h>

#include "base/span.h"

/* Groups while they are found. */
typedef struct {
  GHashTable *numbers; /* PfSpan * to number + 1 */
  GArray *names;       /* PfSpan */
} Finding;

static guint
hash_name (gconstpointer name)
{
  return pf_span_hash (*(const PfSpan *)name);
}

static gboolean
equal_names (gconstpointer a, gconstpointer b)
{
  return pf_span_equal (*(const PfSpan *)a, *(const PfSpan *)b);
}

static guint32
number_of (Finding *self, PfSpan name)
{
  gpointer found = g_hash_table_lookup (self->numbers, &name);

  if (found != NULL)
    return GPOINTER_TO_UINT (found) - 1;
  g_array_append_val (self->names, name);
  g_hash_table_insert (self->numbers, g_memdup2 (&name, sizeof name),
                       GUINT_TO_POINTER (self->names->len));
  return self->names->len - 1;
}

static void
find (PfGroups *self, const PfGlossary *glossary, gboolean by_label)
{
  gsize n = pf_glossary_n_entries (glossary);
  Finding finding = { .numbers = g_hash_table_new_full (hash_name, equal_names,
                                                        g_free, NULL),
                      .names = g_array_new (FALSE, FALSE, sizeof (PfSpan)) };

  for (gsize i = 0; i < n; i++) {
    PfEntry entry = pf_glossary_entry (glossary, i);

    self->of_entry[i] =
        number_of (&finding, by_label ? entry.label : entry.glossary);
  }
  g_hash_table_unref (finding.numbers);
  self->n = finding.names->len;
  self->names = (PfSpan *)g_array_free (finding.names, FALSE);
}

PfGroups *
pf_groups_new (const PfGlossary *glossary, gboolean by_label, PfError *error)
{
  g_autoptr (PfGroups) self = g_new0 (PfGroups, 1);
  gsize n = pf_glossary_n_entries (glossary);

  self->of_entry = malloc ((n + 1) * sizeof *self->of_entry);
  if (self->of_entry == NULL) {
    pf_error_set_errno (error, ENOMEM);
    return NULL;
  }
  find (self, glossary, by_label);
  return g_steal_pointer (&self);
}

void
pf_groups_free (PfGroups *self)
{
  if (self == NULL)
    return;
  free (self->of_entry);
  g_free (self->names);
  g_free (self);
}

char *
pf_folder_of (const char *path, guint depth)
{
  const char *name = strrchr (path, '/');
  GString *folder = g_string_new (path[0] == '/' ? "/" : NULL);
  gboolean has_any = FALSE;

  for (const char *p = path; name != NULL && p < name && depth > 0;) {
    gsize len = strcspn (p, "/");

    if (len > 0 && !(len == 1 && *p == '.')) {
      if (has_any)
        g_string_append_c (folder, '/');
      g_string_append_len (folder, p, (gssize)len);
      has_any = TRUE;
      depth--;
    }
    p += len + 1;
  }
  if (folder->len == 0)
    g_string_append_c (folder, '.');
  return g_string_free (folder, FALSE);
}

#include "rows.h"

#include <stdlib.h>

/* What a folder takes in the hash table beside its name, about. */
#define FOLDER_COST 96

struct PfFolders {
  GHashTable *totals; /* char * to PfTotal *, both owned */
  guint64 limit, used;
};

PfFolders *
pf_folders_new (guint64 limit)
{
  PfFolders *self = g_new0 (PfFolders, 1);

  self->totals =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->limit = limit;
  return self;
}

void
pf_folders_free (PfFolders *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->totals);
  g_free (self);
}

static PfTotal *
add_folder (PfFolders *self, const char *folder)
{
  PfTotal *total;

  self->used += strlen (folder) + FOLDER_COST;
  if (self->used > self->limit)
    return NULL;
  total = g_new0 (PfTotal, 1);
  g_hash_table_insert (self->totals, g_strdup (folder), total);
  return total;
}

gboolean
pf_folders_add (PfFolders *self, const char *folder, guint64 n, PfError *error)
{
  PfTotal *total = g_hash_table_lookup (self->totals, folder);

  if (total == NULL)
    total = add_folder (self, folder);
  if (total == NULL)
    return pf_error_set (error, PF_STATUS_TEMPORARY,
                         "more folders than --memory has room for: more than"
                         " %u; give more, or --group-by a smaller number",
                         g_hash_table_size (self->totals));
  total->count += n;
  total->files++;
  return TRUE;
}

static int
compare_rows (const void *a, const void *b)
{
  const PfRow *x = a, *y = b;

  if (x->total.count != y->total.count)
    return x->total.count < y->total.count ? 1 : -1;
  return pf_span_compare (x->name, y->name);
}

static GArray *
sorted (GArray *rows)
{
  if (rows->len > 0)
    qsort (rows->data, rows->len, sizeof (PfRow), compare_rows);
  return rows;
}

static GArray *
new_rows (void)
{
  return g_array_new (FALSE, FALSE, sizeof (PfRow));
}

/* By the number of a term, whether a shield keeps it from being found; NULL
 * where there are no shields. */
static guint8 *
shielded_terms (const PfGlossary *glossary, guint32 n)
{
  guint8 *shielded = NULL;

  if (pf_glossary_n_shields (glossary) == 0)
    return NULL;
  shielded = g_new0 (guint8, n);
  for (guint32 i = 0; i < n; i++)
    if (pf_glossary_is_shield (glossary, i))
      shielded[pf_glossary_entry_term_id (glossary, i)] = TRUE;
  return shielded;
}

GArray *
pf_rows_of_terms (const PfTotals *totals, const PfGlossary *glossary,
                  gboolean zero)
{
  guint32 n = (guint32)pf_glossary_n_entries (glossary);
  g_autofree guint8 *shielded = zero ? shielded_terms (glossary, n) : NULL;
  GArray *rows = new_rows ();

  for (guint32 i = 0; i < n; i++) {
    PfRow row = { .total = pf_totals_get (totals, i) };

    /* Of entries with the same term, one has its number. */
    if (row.total.count == 0 &&
        (!zero || pf_glossary_entry_term_id (glossary, i) != i ||
         (shielded != NULL && shielded[i])))
      continue;
    row.name = pf_glossary_term (glossary, i);
    g_array_append_val (rows, row);
  }
  return sorted (rows);
}

GArray *
pf_rows_of_groups (const PfTotals *totals, const PfGroups *groups,
                   gboolean zero)
{
  GArray *rows = new_rows ();

  for (guint32 i = 0; i < groups->n; i++) {
    PfRow row = { groups->names[i], pf_totals_get (totals, i) };

    if (row.total.count > 0 || zero)
      g_array_append_val (rows, row);
  }
  return sorted (rows);
}

GArray *
pf_rows_of_folders (const PfFolders *folders)
{
  GArray *rows = new_rows ();
  GHashTableIter iter;
  gpointer folder, total;

  g_hash_table_iter_init (&iter, folders->totals);
  while (g_hash_table_iter_next (&iter, &folder, &total)) {
    PfRow row = { pf_span_str (folder), *(const PfTotal *)total };

    g_array_append_val (rows, row);
  }
  return sorted (rows);
}

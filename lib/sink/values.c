#include "sink/values.h"

#include "base/span.h"

/* So many values are compared with each other; more are hashed. */
#define FEW_VALUES 16

static gboolean
is_value_before (const PfMatchRecord *record, guint i)
{
  for (guint k = 0; k < i; k++)
    if (pf_span_equal (record->entries[k].value, record->entries[i].value))
      return TRUE;
  return FALSE;
}

static guint
hash_value (gconstpointer entry)
{
  return pf_span_hash (((const PfEntry *)entry)->value);
}

static gboolean
equal_values (gconstpointer a, gconstpointer b)
{
  return pf_span_equal (((const PfEntry *)a)->value,
                        ((const PfEntry *)b)->value);
}

gboolean
pf_values_append (GString *out, const PfMatchRecord *record, const char *first,
                  void (*append) (GString *out, PfSpan value))
{
  g_autoptr (GHashTable) seen = NULL;
  const char *separator = first;

  if (record->n_entries > FEW_VALUES)
    seen = g_hash_table_new (hash_value, equal_values);
  for (guint i = 0; i < record->n_entries; i++) {
    gpointer entry = (gpointer)&record->entries[i];

    if (record->entries[i].value.len == 0)
      continue;
    if (seen != NULL ? !g_hash_table_add (seen, entry)
                     : is_value_before (record, i))
      continue;
    g_string_append (out, separator);
    append (out, record->entries[i].value);
    separator = ", ";
  }
  return separator != first;
}

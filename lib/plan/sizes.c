#include "plan/sizes.h"

#include <sys/stat.h>

typedef struct {
  const PfNames *names;
  guint64 per_item;
  guint64 *bytes; /* each turn has its own */
} Sizes;

static guint64
size_of (const PfName *name)
{
  struct stat st;

  if (name->is_stdin || name->error != NULL || stat (name->name, &st) != 0 ||
      !S_ISREG (st.st_mode))
    return 0;
  return (guint64)st.st_size;
}

static gboolean
ask_item (gsize item, gpointer user, PfError *error G_GNUC_UNUSED)
{
  Sizes *self = user;
  gsize from = item * self->per_item;
  gsize to = MIN (from + self->per_item, pf_names_n (self->names));

  for (gsize i = from; i < to; i++) {
    PfName name = pf_names_get (self->names, i);

    self->bytes[item] += size_of (&name);
  }
  return TRUE;
}

gboolean
pf_sizes_of_items (const PfNames *names, guint64 per_item, PfPar *par,
                   const PfCancel *cancel, guint64 **bytes)
{
  gsize n = (pf_names_n (names) + per_item - 1) / per_item;
  g_autofree guint64 *sizes = g_new0 (guint64, n);
  Sizes turns = { names, per_item, sizes };
  PfParLoop loop = {
    .n = n, .body = ask_item, .user = &turns, .cancel = cancel
  };

  if (!pf_par_for (par, &loop, NULL))
    return FALSE;
  *bytes = g_steal_pointer (&sizes);
  return TRUE;
}

#include "base/slot.h"

#include <stdatomic.h>

#include "base/crowd.h"

static atomic_int n_alive;

/* Both numbers are the same for as long as the value lives. */
typedef struct {
  atomic_int refs;
  guint64 a, b;
  PfSlot *asked; /* by the last unref, or NULL */
} Value;

static Value *
value_new (guint64 number)
{
  Value *self = g_new0 (Value, 1);

  atomic_init (&self->refs, 1);
  self->a = self->b = number;
  atomic_fetch_add (&n_alive, 1);
  return self;
}

static gpointer
value_ref (gpointer value)
{
  Value *self = value;

  g_assert_cmpint (atomic_fetch_add (&self->refs, 1), >, 0);
  return self;
}

static void
value_unref (gpointer value)
{
  Value *self = value;

  if (atomic_fetch_sub (&self->refs, 1) != 1)
    return;
  /* It would never come back if the slot were still locked. */
  if (self->asked != NULL)
    value_unref (pf_slot_get (self->asked, NULL));
  self->a = 0;
  g_free (self);
  atomic_fetch_sub (&n_alive, 1);
}

static PfSlot *
slot_new (void)
{
  return pf_slot_new (value_new (0), value_ref, value_unref);
}

static void
test_swap (void)
{
  PfSlot *slot = slot_new ();
  Value *old = pf_slot_get (slot, NULL), *new;
  guint64 version = 9;

  g_assert_cmpuint (pf_slot_version (slot), ==, 0);
  pf_slot_swap (slot, value_new (1));
  g_assert_cmpuint (pf_slot_version (slot), ==, 1);
  g_assert_cmpuint (old->a, ==, 0);
  g_assert_cmpint (atomic_load (&n_alive), ==, 2);
  new = pf_slot_get (slot, &version);
  g_assert_cmpuint (new->a, ==, 1);
  g_assert_cmpuint (version, ==, 1);
  value_unref (old);
  g_assert_cmpint (atomic_load (&n_alive), ==, 1);
  pf_slot_free (slot);
  g_assert_cmpuint (new->b, ==, 1);
  value_unref (new);
  g_assert_cmpint (atomic_load (&n_alive), ==, 0);
  pf_slot_free (NULL);
}

/* The old value is freed where the slot can be used. */
static void
test_freed_outside (void)
{
  g_autoptr (PfSlot) slot = slot_new ();
  Value *value = pf_slot_get (slot, NULL);

  value->asked = slot;
  value_unref (value);
  pf_slot_swap (slot, value_new (1));
  g_assert_cmpint (atomic_load (&n_alive), ==, 1);
}

#define THREADS 4
#define SWAPPERS 2

typedef struct {
  PfSlot *slot;
  guint n_swaps; /* of each */
  atomic_uint swapping;
} Crowd;

static void
swap_often (Crowd *self)
{
  for (guint i = 0; i < self->n_swaps; i++)
    pf_slot_swap (self->slot, value_new (i));
  atomic_fetch_sub (&self->swapping, 1);
}

/* One value after the other, each whole, of versions that never go back. */
static void
get_often (Crowd *self)
{
  guint64 last = 0;

  while (atomic_load (&self->swapping) > 0) {
    guint64 seen = pf_slot_version (self->slot), got;
    Value *value = pf_slot_get (self->slot, &got);

    g_assert_cmpuint (value->a, ==, value->b);
    g_assert_cmpuint (seen, >=, last);
    g_assert_cmpuint (got, >=, seen);
    last = got;
    value_unref (value);
  }
}

static gboolean
join_crowd (guint i, gpointer user, PfError *error G_GNUC_UNUSED)
{
  if (i < SWAPPERS)
    swap_often (user);
  else
    get_often (user);
  return TRUE;
}

static void
test_threads (void)
{
  Crowd crowd = { .slot = slot_new (), .n_swaps = 2000 };

  atomic_init (&crowd.swapping, SWAPPERS);
  g_assert_true (pf_crowd (THREADS, join_crowd, &crowd, NULL));
  g_assert_cmpuint (pf_slot_version (crowd.slot), ==, crowd.n_swaps * SWAPPERS);
  g_assert_cmpint (atomic_load (&n_alive), ==, 1);
  pf_slot_free (crowd.slot);
  g_assert_cmpint (atomic_load (&n_alive), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/slot/swap", test_swap);
  g_test_add_func ("/slot/freed-outside", test_freed_outside);
  g_test_add_func ("/slot/threads", test_threads);
  return g_test_run ();
}

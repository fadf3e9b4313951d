#include "base/deque.h"

#include <stdatomic.h>

#include "base/crowd.h"
#include "base/lock.h"
#include "sched/blocked.h"

#define CAPACITY 8

/* The slow and obvious twin: a mutex and an array. */
typedef struct {
  uv_mutex_t lock;
  guint64 values[CAPACITY];
  guint n;
} Twin;

static gboolean
twin_push (Twin *self, guint64 value)
{
  gboolean room;

  uv_mutex_lock (&self->lock);
  room = self->n < CAPACITY;
  if (room)
    self->values[self->n++] = value;
  uv_mutex_unlock (&self->lock);
  return room;
}

static gboolean
twin_pop (Twin *self, guint64 *value)
{
  gboolean any;

  uv_mutex_lock (&self->lock);
  any = self->n > 0;
  if (any)
    *value = self->values[--self->n];
  uv_mutex_unlock (&self->lock);
  return any;
}

static gboolean
twin_take (Twin *self, guint64 *value)
{
  gboolean any;

  uv_mutex_lock (&self->lock);
  any = self->n > 0;
  if (any) {
    *value = self->values[0];
    memmove (self->values, self->values + 1, --self->n * sizeof *value);
  }
  uv_mutex_unlock (&self->lock);
  return any;
}

static void
check_rest (const PfDeque *deque, const Twin *twin)
{
  guint64 oldest;

  g_assert_cmpint (pf_deque_is_empty (deque), ==, twin->n == 0);
  g_assert_cmpint (pf_deque_peek (deque, &oldest), ==, twin->n > 0);
  if (twin->n > 0)
    g_assert_cmpuint (oldest, ==, twin->values[0]);
}

/* The same as the twin, step by step; the sequences are long enough to go
 * around many times, and lean to either side by turns. */
static void
test_twin (void)
{
  g_autoptr (PfDeque) deque = pf_deque_new (CAPACITY);
  Twin twin = { .n = 0 };

  pf_mutex_init (&twin.lock);
  for (guint i = 0; i < 200000; i++) {
    int pushes = i / 1000 % 3;
    gint32 what = g_test_rand_int_range (0, 4 + 2 * pushes);
    guint64 a = 0, b = 0;
    gboolean did, twin_did;

    if (what == 0)
      did = pf_deque_pop (deque, &a), twin_did = twin_pop (&twin, &b);
    else if (what == 1)
      did = pf_deque_take (deque, &a), twin_did = twin_take (&twin, &b);
    else
      did = pf_deque_push (deque, i), twin_did = twin_push (&twin, i);
    g_assert_cmpint (did, ==, twin_did);
    if (did)
      g_assert_cmpuint (a, ==, b);
    check_rest (deque, &twin);
  }
  uv_mutex_destroy (&twin.lock);
}

static void
test_capacity (void)
{
  for (gsize capacity = 0; capacity < 40; capacity++) {
    g_autoptr (PfDeque) deque = pf_deque_new (capacity);
    gsize n = 0;

    while (pf_deque_push (deque, n))
      n++;
    g_assert_cmpuint (n, >=, capacity);
    g_assert_cmpuint (n, <, 2 * MAX (capacity, 1));
  }
  pf_deque_free (NULL);
}

/* A sum of bits would not fit: all 64 come out as they went in. */
static void
test_wide_values (void)
{
  g_autoptr (PfDeque) deque = pf_deque_new (2);
  guint64 value;

  g_assert_true (pf_deque_push (deque, G_MAXUINT64));
  g_assert_true (pf_deque_push (deque, (guint64)1 << 63));
  g_assert_true (pf_deque_take (deque, &value));
  g_assert_cmpuint (value, ==, G_MAXUINT64);
  g_assert_true (pf_deque_pop (deque, &value));
  g_assert_cmpuint (value, ==, (guint64)1 << 63);
}

#define THIEVES 3
#define VALUES 60000

typedef struct {
  PfDeque *deque;
  atomic_uchar times[VALUES]; /* how often each value came out */
  atomic_uint n_out;
  guint32 seed;
} Heist;

static void
count_out (Heist *self, guint64 value)
{
  g_assert_cmpuint (value, <, VALUES);
  atomic_fetch_add (&self->times[value], 1);
  atomic_fetch_add (&self->n_out, 1);
}

static void
steal (Heist *self)
{
  guint64 value;

  while (atomic_load (&self->n_out) < VALUES)
    if (pf_deque_take (self->deque, &value))
      count_out (self, value);
    else
      sched_yield ();
}

/* Pops about as often as it pushes, so that most of the time owner and thieves
 * are after the same, last value. */
static void
own (Heist *self)
{
  guint64 value;

  for (guint64 next = 0; next < VALUES;) {
    if (pf_deque_push (self->deque, next))
      next++;
    self->seed = self->seed * 1664525u + 1013904223u; /* Knuth's choice */
    if ((self->seed >> 31) != 0 && pf_deque_pop (self->deque, &value))
      count_out (self, value);
    if ((self->seed >> 24) % 64 == 0)
      sched_yield ();
  }
  while (pf_deque_pop (self->deque, &value))
    count_out (self, value);
}

static gboolean
take_part (guint i, gpointer user, PfError *error G_GNUC_UNUSED)
{
  if (i == 0)
    own (user);
  else
    steal (user);
  return TRUE;
}

/* Every value comes out exactly once, at whichever end.
 *
 *   owner:   newest = 0 ······ oldest is 0: claims
 *   thief:        oldest is 0, newest was 1: claims       one of them fails
 */
static void
check_once (gsize capacity)
{
  g_autofree Heist *heist = g_new0 (Heist, 1);
  g_autoptr (PfDeque) deque = pf_deque_new (capacity);

  heist->deque = deque;
  heist->seed = (guint32)g_test_rand_int ();
  g_assert_true (pf_crowd (1 + THIEVES, take_part, heist, NULL));
  g_assert_cmpuint (atomic_load (&heist->n_out), ==, VALUES);
  for (guint i = 0; i < VALUES; i++)
    g_assert_cmpuint (atomic_load (&heist->times[i]), ==, 1);
}

static void
test_once (void)
{
  check_once (1);
  check_once (2);
  check_once (64);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/deque/twin", test_twin);
  g_test_add_func ("/deque/capacity", test_capacity);
  g_test_add_func ("/deque/wide-values", test_wide_values);
  g_test_add_func ("/deque/each-once", test_once);
  return g_test_run ();
}

/* Measures loops over a pool, and joins. Prints a line for each figure: its
 * name, its value and its unit, with tabs between them. Each is the best of
 * several rounds, since whatever else a machine does only adds to it.
 */
#include <math.h>
#include <stdio.h>
#include <time.h>

#include "base/join.h"
#include "base/par.h"

#define ROUNDS 7
#define SMALL_TURNS 4000000
#define GRAINS 20000
#define LARGE_TURNS 400
#define STEPS 40000
#define SLEEPERS 3

typedef struct {
  guint32 *out;
  PfPar *par;
} Bench;

static double
now (void)
{
  struct timespec time;

  clock_gettime (CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* The least time, in seconds, that RUN takes. */
static double
best_of (void (*run) (Bench *), Bench *bench)
{
  double best = HUGE_VAL;

  for (int i = 0; i < ROUNDS; i++) {
    double begin = now ();

    run (bench);
    best = MIN (best, now () - begin);
  }
  return best;
}

static gboolean
small_turn (gsize i, gpointer user, PfError *error G_GNUC_UNUSED)
{
  Bench *self = user;

  self->out[i] = (guint32)i * 2654435761u;
  return TRUE;
}

/* Called by a pointer that nobody can see through, as a loop's body is. */
static void
run_plain (Bench *self)
{
  gboolean (*volatile pointer) (gsize, gpointer, PfError *) = small_turn;
  PfParBody body = pointer;

  for (gsize i = 0; i < SMALL_TURNS; i++)
    body (i, self, NULL);
}

static void
run_small (Bench *self)
{
  PfParLoop loop = { .n = SMALL_TURNS, .body = small_turn, .user = self };

  pf_par_for (self->par, &loop, NULL);
}

static void
run_grains (Bench *self)
{
  PfParLoop loop = {
    .n = GRAINS, .grain = 1, .body = small_turn, .user = self
  };

  pf_par_for (self->par, &loop, NULL);
}

static void
run_empty (Bench *self)
{
  PfParLoop loop = { .n = 2, .grain = 1, .body = small_turn, .user = self };

  pf_par_for (self->par, &loop, NULL);
}

/* Turns that do nothing but compute, some of them longer than others. */
static gboolean
large_turn (gsize i, gpointer user, PfError *error G_GNUC_UNUSED)
{
  Bench *self = user;
  guint32 x = (guint32)i + 1;

  for (gsize n = 0; n < STEPS * (1 + i % 4); n++)
    x = x * 1664525u + 1013904223u;
  self->out[i] = x;
  return TRUE;
}

static void
run_large (Bench *self)
{
  PfParLoop loop = { .n = LARGE_TURNS, .body = large_turn, .user = self };

  pf_par_for (self->par, &loop, NULL);
}

static gpointer
sleep_for (gpointer milliseconds, PfError *error G_GNUC_UNUSED)
{
  g_usleep (GPOINTER_TO_UINT (milliseconds) * 1000);
  return NULL;
}

static void
run_sleepers (Bench *self G_GNUC_UNUSED)
{
  static const guint milliseconds[SLEEPERS] = { 50, 30, 10 };
  PfJoinTask tasks[SLEEPERS];

  for (guint i = 0; i < SLEEPERS; i++)
    tasks[i] = (PfJoinTask){ .func = sleep_for,
                             .data = GUINT_TO_POINTER (milliseconds[i]) };
  pf_join_all (tasks, SLEEPERS, NULL);
}

static void
print (const char *name, double value, const char *unit)
{
  printf ("%s\t%.3f\t%s\n", name, value, unit);
}

/* What a loop costs besides its bodies, on one thread and on two; SECONDS is
 * what the bodies take on one. */
static void
measure_overhead (Bench *bench, guint n_threads, double seconds)
{
  g_autoptr (PfPar) par = pf_par_new (n_threads, NULL);
  double loop;
  char name[64];

  bench->par = par;
  loop = best_of (run_small, bench);
  g_snprintf (name, sizeof name, "par_for.overhead.threads-%u", n_threads);
  /* The threads share the bodies; what is left, they spend side by side. */
  print (name, (loop * n_threads - seconds) / SMALL_TURNS * 1e9, "ns/item");
  g_snprintf (name, sizeof name, "par_for.grain.threads-%u", n_threads);
  print (name, best_of (run_grains, bench) * n_threads / GRAINS * 1e9,
         "ns/grain");
  g_snprintf (name, sizeof name, "par_for.loop.threads-%u", n_threads);
  print (name, best_of (run_empty, bench) * 1e6, "us/loop");
}

static void
measure_speed_up (Bench *bench)
{
  double seconds[2];

  for (guint n = 1; n <= 2; n++) {
    g_autoptr (PfPar) par = pf_par_new (n, NULL);

    bench->par = par;
    seconds[n - 1] = best_of (run_large, bench);
  }
  print ("par_for.speed-up.threads-2", seconds[0] / seconds[1], "x");
}

int
main (void)
{
  g_autofree guint32 *out = g_new0 (guint32, SMALL_TURNS);
  Bench bench = { .out = out };
  double plain = best_of (run_plain, &bench);

  print ("par_for.plain-loop", plain / SMALL_TURNS * 1e9, "ns/item");
  measure_overhead (&bench, 1, plain);
  measure_overhead (&bench, 2, plain);
  measure_speed_up (&bench);
  print ("join_all.50-30-10", best_of (run_sleepers, &bench) * 1e3, "ms");
  return 0;
}

/* Draws the Mandelbrot set in bands, on all processors: how pf_par_for is used,
 * with a flag that cancels it and a counter of what is done.
 *
 *   mandelbrot [-j THREADS] [-s WIDTHxHEIGHT] [-o FILE.png]
 *
 * Bands take very different times, those in the middle the longest. The loop
 * needs to know nothing of that: who has no band left takes one from another.
 */
#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/par.h"
#include "base/processors.h"
#include "examples/png.h"

#define BAND_ROWS 4
#define STEPS_MAX 1000

typedef struct {
  guint32 width, height;
  guint8 *pixels;     /* each band writes its own rows */
  gsize n_bands;      /* constant */
  atomic_size_t done; /* bands, for the progress; orders nothing else */
} Picture;

/* The only mutable global: a signal handler gets no argument. */
static PfCancel *cancel;

/* An atomic exchange and a write, which a handler may do. */
static void
handle_interrupt (int number G_GNUC_UNUSED)
{
  int saved = errno;

  pf_cancel_set (cancel);
  errno = saved;
}

/* How fast the point escapes, as a grey; black where it does not. */
static guint8
shade (double re, double im)
{
  double x = 0, y = 0;
  guint step = 0;

  for (; step < STEPS_MAX && x * x + y * y < 4; step++) {
    double next = x * x - y * y + re;

    y = 2 * x * y + im;
    x = next;
  }
  return step == STEPS_MAX ? 0 : (guint8)(255 - step % 256);
}

static void
draw_row (Picture *self, guint32 row)
{
  double scale = 3.0 / self->width;

  for (guint32 column = 0; column < self->width; column++)
    self->pixels[(gsize)row * self->width + column] =
        shade (scale * column - 2.25, scale * (row - self->height / 2.0));
}

/* The body of the loop; called on several threads at once. */
static gboolean
draw_band (gsize band, gpointer user, PfError *error G_GNUC_UNUSED)
{
  Picture *self = user;
  guint32 from = (guint32)band * BAND_ROWS;
  gsize done;

  for (guint32 row = from; row < MIN (from + BAND_ROWS, self->height); row++)
    draw_row (self, row);
  done = atomic_fetch_add_explicit (&self->done, 1, memory_order_relaxed) + 1;
  if (isatty (STDERR_FILENO))
    fprintf (stderr, "\r%zu of %zu bands", done, self->n_bands);
  return TRUE;
}

static gboolean
draw (Picture *self, guint n_threads, PfError *error)
{
  g_autoptr (PfPar) par = pf_par_new (n_threads, error);
  PfParLoop loop = { .n = self->n_bands,
                     .grain = 1,
                     .body = draw_band,
                     .user = self,
                     .cancel = cancel };

  return par != NULL && pf_par_for (par, &loop, error);
}

static int
fail (const char *what, const char *why)
{
  fprintf (stderr, "mandelbrot: %s: %s\n", what, why);
  return EXIT_FAILURE;
}

static int
save (const Picture *self, const char *path)
{
  FILE *file = fopen (path, "wbe");
  gboolean ok = file != NULL &&
                png_write_grey (file, self->pixels, self->width, self->height);

  ok &= file == NULL || fclose (file) == 0;
  return ok ? EXIT_SUCCESS : fail (path, g_strerror (errno));
}

int
main (int argc, char **argv)
{
  Picture view = { .width = 1200, .height = 800 };
  const char *path = "mandelbrot.png";
  guint n_threads = pf_usable_processors ();
  g_auto (PfError) error = { 0 };
  int option, status, end;

  while ((option = getopt (argc, argv, "j:o:s:")) != -1)
    if (option == 'j')
      n_threads = (guint)CLAMP (atoi (optarg), 1, 1024);
    else if (option == 'o')
      path = optarg;
    else if (option != 's' ||
             sscanf (optarg, "%ux%u%n", &view.width, &view.height, &end) != 2 ||
             optarg[end] != '\0')
      break;
  if (option != -1 || optind < argc || view.width - 1 >= 20000 ||
      view.height - 1 >= 20000)
    return fail ("usage", "mandelbrot [-j N] [-s WIDTHxHEIGHT] [-o FILE]");
  cancel = pf_cancel_new (&error);
  if (cancel == NULL)
    return fail ("cannot start", error.message);
  signal (SIGINT, handle_interrupt);
  view.n_bands = (view.height + BAND_ROWS - 1) / BAND_ROWS;
  view.pixels = g_malloc ((gsize)view.width * view.height);
  status =
      draw (&view, n_threads, &error)
          ? save (&view, path)
          : fail (path, error.message != NULL ? error.message : "interrupted");
  g_free (view.pixels);
  pf_cancel_free (cancel);
  return status;
}

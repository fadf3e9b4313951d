/* pfproc: find, count, mark and replace the terms of a glossary in files.
 *
 * Where things are, in the order in which data flows:
 *
 *   cmd/pfproc      main.c     this file: one run from arguments to exit code
 *                   options.c  the table of options
 *                   cli.c      arguments to configuration; help.c  --help
 *                   output_options.c  formats, and what goes with them
 *                   diag.c     messages on standard error
 *                   stats.c    statistics, where they are asked for
 *                   signals.c  SIGINT, SIGTERM, SIGHUP, SIGUSR1
 *                   reload.c   the glossary files, opened again
 *                   faults.c   truncated glossary images
 *   lib             pfproc.h   the public face of the library
 *                   load.c, images.c, engine.c  glossary, image and scanner
 *                              behind that face; convert.c  glossaries written;
 *                              lint.c     and looked through
 *                   run.c      makes a run of all layers, in one of two modes
 *                   run_files.c  what is read must not be written
 *                   run_target.c  each document to a file of its own;
 *                              run_claim.c  none twice
 *                   run_journal.c  what is done, for a run that is taken up
 *                   run_known.c, run_deal.c  a known list, forked and joined
 *                   run_list.c from inputs to items; run_item.c  how one is
 *                              worked; run_plan.c  and by what; run_memory.c in
 how much
 *                   run_packed.c  compressed files and archives
 *                   run_filter.c  files as a program shows them
 *                   run_cut.c  one large file, worked by all workers
 *                   run_reload.c  another glossary in the middle of a run
 *                   deliver.c  results in order: output, messages, totals
 *                   rows.c     totals in their order; frame.c  what stands
 *                              before, between and behind records
 *                   run_stats.c, stats_file.c  statistics
 *   lib/plan        lister.c   files, lists, standard input
 *                   walk.c     directories; globs.c  which names count
 *                   names.c    all names, where they are known; sizes.c  how
 *                              large their files are
 *                   deal.c     items into worklists
 *                   cut.c      large files into pieces
 *   lib/sched       fork_join.c  worklists on threads that steal
 *                   pipeline.c, channel.c  stages, and the queues between them
 *                   sequencer.c  results in order, in bounded memory
 *                   team.c     threads that begin together or not at all
 *                   crew.c     workers who help each other
 *   lib/task        document.c a text in windows, by document_read.c and
 *                              document_fill.c
 *                   pump.c     document to matcher to action
 *                   gate.c     which matches count
 *                   find.c, count.c, list.c, raw_lines.c  the actions
 *                   annotate.c marks around matches, by a PfMarkup
 *                   replace.c  values in place of matches, by rewrite.c; diff.c
 *                              what differs
 *                   follow.c   a new glossary in the middle of a document
 *                   tally.c    terms in a document; totals.c  in all;
 *                              groups.c  by what else totals are
 *                   piece.c    pieces of a document, joined
 *                   result.c   what came of an item
 *   lib/match       matcher.c  chooses who matches which entry
 *                   view.c, view_scan.c, view_glossary.c  text and terms as
 *                              they are seen: normalized, refanged
 *                   words.c    at word edges: tokens.c, fold_block.c find them
 *                   kernel.c   by vectors, prepare.c and verify.c look them up
 *                   anywhere.c anywhere, or at parts of words (inner.c):
 *                              start_filter.c, walk.c, flat_trie.c
 *                   mixed.c    both; reference.c, trie.c  the slow twin
 *                   shield.c   entries that hide matches
 *                   census.c   tokens and valid bytes, for statistics
 *   lib/glossary    source.c, read.c and the formats; batch.c what was read
 *                   stream_format.c  formats whose entries are not lines
 *                   tbx.c      one of them, by tbx_concept.c and xml_events.c
 *                   write.c    entries written, by writer.c and write_*.c
 *                   lint.c     what is odd in what was read; lint_entry.c
 *                   builtin.c  the built-in one; ignored.c  what is left out
 *                   builder.c, compile.c entries to an index, of the passes
 *                              in measure.c and place.c; glossary.c
 *                   image.c, container.c the same on disk
 *   lib/text        UTF-8, UTF-16, Unicode tables, word class, lines,
 *                   columns in UTF-16 units
 *                   letter_case.c  teh, Teh and TEH; unified_diff.c
 *                   normal.c, refang.c  other spellings of the same
 *                   markers.c  words in a text that silence its lines
 *   lib/sink        text.c, tsv.c, jsonl.c, sarif.c, github.c, output.c
 *                   edit_file.c  in the place of the input; tree.c  below a
 *                              folder; both by placed_file.c; journal.c
 *                   lines.c, color.h  around raw lines
 *                   html.c, markdown.c, ansi.c, template.c  markups
 *   lib/report      stats.c    statistics as JSON, by json.c
 *   lib/base        errors, spans, line reader, escapes, files
 *                   unpack.c   compressed streams
 *                   thread.c   spawn and join; join.c  two, or all, at once
 *                   par.c      loops over a pool of threads; par_reduce.c  one
 *                              result of many; deque.c  what thieves steal from
 *                   cancel.c, cutoff.h  to stop all, or what comes later
 *                   guard.c    a lock that is poisoned by failure
 *                   slot.c     a value that is swapped; once.h  made once
 *                   spool.c    bytes that may be too many for memory
                   pool.c     spare things; owner.h  whose a thing is
 *                   retry.c    what fails may be tried again
 *                   counter.h, stage_clock.c  what is counted and timed
 */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>
#include <uv.h>

#include "cli.h"
#include "diag.h"
#include "faults.h"
#include "signals.h"
#include "stats.h"

/* A closed standard descriptor would become that of the next file opened. Each
 * is held the wrong way round, so that using it fails, as it should. */
static void
hold_standard_descriptors (void)
{
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
    if (fcntl (fd, F_GETFD) < 0)
      open ("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

static int
fail (GError *error)
{
  int status = error->code;

  diag ("%s", error->message);
  g_error_free (error);
  return status;
}

static int
print (const char *text)
{
  if (fputs (text, stdout) >= 0 && fflush (stdout) == 0)
    return PF_STATUS_OK;
  diag ("standard output: write failed");
  return PF_STATUS_IO;
}

static int
print_version (void)
{
  g_autofree char *line = g_strdup_printf (
      "pfproc %s (libuv %s, GLib %u.%u.%u, Unicode %s)\n", PACKAGE_VERSION,
      uv_version_string (), glib_major_version, glib_minor_version,
      glib_micro_version, pf_unicode_version ());

  return print (line);
}

static int
print_help (void)
{
  g_autofree char *text = cli_help ();

  return print (text);
}

/* The last messages, and the exit code. */
static int
conclude (const Cli *cli, const PfSummary *summary)
{
  if (!summary->cancelled && cli->verbose)
    diag_passed_over (summary);
  if (!summary->cancelled)
    diag_summary (summary, cli->quiet);
  return summary->status;
}

/* What the start may have taken its time for. */
static void
tell_of_index (const PfRun *run)
{
  gboolean is_stored;
  gsize n = pf_run_anywhere (run, &is_stored);

  if (n > 0)
    diag ("%" G_GSIZE_FORMAT
          " entries may stand inside words: their index was %s",
          n, is_stored ? "in the image" : "made at the start");
}

static void
tell_of_terms (const PfRun *run)
{
  if (pf_run_maps_terms (run))
    diag ("terms are matched in another form: their index was made at the"
          " start");
}

/* With the signals watched. */
static int
execute_watched (const Cli *cli, PfRun *run)
{
  Reload *reload = reload_new (cli, run);
  GError *error = NULL;
  Signals *signals;
  gboolean done;
  int status;

  signals_hold ();
  signals = signals_watch (run, reload, &error);
  done = signals != NULL && pf_run_execute (run, &error);
  /* While signals are still watched, as it may take its time. */
  reload_stop (reload);
  status = done ? conclude (cli, pf_run_summary (run)) : fail (error);
  status = stats_tell (cli, run, status, !done);
  /* Does not return where a signal has come. */
  signals_finish (signals);
  reload_free (reload);
  return status;
}

static int
execute (const Cli *cli, PfRun *run)
{
  int status;

  if (cli->verbose) {
    tell_of_terms (run);
    tell_of_index (run);
  }
  faults_guard (run);
  status = execute_watched (cli, run);
  faults_guard (NULL);
  return status;
}

/* The glossary is the run's from then on: kept here, it would stay in memory
 * when another has taken its place. */
static PfRun *
make_run (Cli *cli, GError **error)
{
  g_autoptr (PfGlossary) glossary = pf_glossary_load (&cli->glossary, error);
  PfRun *made;

  if (glossary == NULL)
    return NULL;
  if (cli->verbose)
    diag ("%" G_GSIZE_FORMAT " entries", pf_glossary_n_entries (glossary));
  cli->run.glossary = glossary;
  made = pf_run_new (&cli->run, error);
  cli->run.glossary = NULL;
  return made;
}

static int
run (Cli *cli)
{
  g_autoptr (PfRun) made = NULL;
  GError *error = NULL;

  if (cli->glossary_is_default && isatty (STDERR_FILENO))
    diag ("no glossary named: looking for common misspellings (@misspellings)");
  cli->glossary.skipped = diag_skipped;
  cli->glossary.cost = &cli->run.glossary_cost;
  cli->run.message = diag_message;
  made = make_run (cli, &error);
  return made != NULL ? execute (cli, made)
                      : stats_tell (cli, NULL, fail (error), TRUE);
}

int
main (int argc, char **argv)
{
  GError *error = NULL;
  int status;
  Cli cli;

  hold_standard_descriptors ();
  signals_hold_reload ();
  faults_watch ();
  if (!cli_parse (&cli, argc, argv, &error))
    status = fail (error);
  else if (cli.help)
    status = print_help ();
  else if (cli.version)
    status = print_version ();
  else
    status = run (&cli);
  cli_clear (&cli);
  return status;
}

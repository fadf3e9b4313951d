/* libpfproc: find, count, mark and replace the terms of a glossary in texts and
 * files.
 *
 * Three things, from small to large:
 *
 *   PfGlossary  entries from files, sealed, shared by reference count
 *   PfScanner   finds the entries of a glossary in text in memory
 *   PfRun       what the program pfproc does, over files, on all processors
 *
 *   sources ──load──▶ PfGlossary ──▶ PfScanner ◀── text ──▶ matches
 *                         │
 *                         └────────▶ PfRun ◀── names ──▶ output, PfSummary
 *
 * Functions that can fail return NULL or FALSE and set a GError of the domain
 * PF_ERROR, whose code is a PfStatus. The library never prints, never ends the
 * process, touches no signal handler, and keeps no global state but the
 * built-in glossary, which is made once, when it is first asked for, and never
 * changes. Text and file names are bytes; nothing depends on the locale.
 */
#pragma once

#include "base/types.h"

G_BEGIN_DECLS

#define PF_ERROR (pf_error_quark ())
GQuark pf_error_quark (void);

/* --- Retries ---------------------------------------------------------- */

/* How often an operation of the system on an input (opening, reading, memory
 * for it) is tried again where it failed for a reason that may pass: EAGAIN,
 * EMFILE, ENFILE, ENOMEM, ESTALE, EIO. Each after a pause, of 5, 20, 80 and
 * then 320 milliseconds. What was read before is not read again. While another
 * thread of the run is about to give a descriptor back, EMFILE and ENFILE cost
 * no try. In the fields named retries, zero is the default. */
#define PF_RETRIES_DEFAULT 2
#define PF_RETRIES_NONE (-1)

/* --- Glossary --------------------------------------------------------- */

typedef struct PfGlossary PfGlossary;

/* What it took to load one. */
typedef struct {
  PfTimeSpent time; /* of the whole process */
  guint64 retries;
} PfLoadCost;

/* All zero: nothing. */
typedef struct {
  /* Each is FILE[:FORMAT][,KEY=VALUE...] with the formats txt, tsv, csv, jsonl,
   * codespell, tbx, pfg and the keys case, boundary, label, for csv also the
   * columns term, value, label (names, or numbers from 1 on) and delim, for tbx
   * langs and forbidden; "-" is standard input, "@misspellings" the built-in
   * one. A source, but no image, may be compressed by gzip, bzip2, xz, zstd or
   * lz4. Where the library was built without what csv, jsonl or tbx needs,
   * these are PF_STATUS_USAGE, and compressed sources PF_STATUS_DATA. */
  const char *const *sources;
  gsize n_sources;
  const char *const *terms; /* single terms, after all sources */
  gsize n_terms;
  /* Files of the format txt, "-" is standard input, which may have no entries:
   * entries with one of their terms are as if they were not there. An image is
   * then not used in place. Terms are compared byte for byte, or folded where
   * the entry ignores case; CASE_RULE is that of the run to come. */
  const char *const *ignored;
  gsize n_ignored;
  PfCase case_rule;
  /* For sources of the format tbx without such a key: "en", or "en:fr" or
   * "en,fr", and "en"; or NULL. One of them only, and an error where no source
   * has this format. */
  const char *tbx_langs, *tbx_forbidden;
  gboolean lenient;     /* skip malformed lines */
  gboolean allow_empty; /* a source without entries is no error */
  int retries;          /* 0: PF_RETRIES_DEFAULT */
  PfLoadCost *cost;     /* gets what it took, also where it failed; or NULL */
  /* With lenient, for each source with malformed lines; may be NULL. FIRST is
   * "LINE: message". */
  void (*skipped) (const char *source, guint64 lines, const char *first,
                   gpointer user);
  gpointer user;
} PfGlossaryOptions;

/* (transfer full). Errors name file and line. An image (format pfg) that is the
 * only source, without terms, is mapped and used in place: where its file is
 * truncated later, reading it raises SIGBUS. */
PfGlossary *pf_glossary_load (const PfGlossaryOptions *options, GError **error);

/* Any thread; NULL may be unreferenced. A sealed glossary may be read by all
 * threads at once. */
PfGlossary *pf_glossary_ref (PfGlossary *self);
void pf_glossary_unref (PfGlossary *self);

gsize pf_glossary_n_entries (const PfGlossary *self);

/* Entry I, in the order of the sources; its spans live as long as SELF. */
PfEntry pf_glossary_entry (const PfGlossary *self, gsize i);

/* The file that a source specification names. (transfer full: g_free) */
char *pf_glossary_source_path (const char *source, GError **error);

/* Entry I as a line of tsv that reads back as the same entry, line break
 * included; LEN says how many bytes, of which any may be NUL. (transfer full:
 * g_free) */
char *pf_glossary_entry_to_tsv (const PfGlossary *self, gsize i, gsize *len);

/* TEXT with line breaks escaped, and on a TERMINAL all control characters, so
 * that a file name can neither break a line nor drive the terminal. (transfer
 * full: g_free) */
char *pf_display_text (const char *text, gboolean terminal);

/* What is in a glossary, in numbers. */
typedef struct {
  gsize entries, sources;
  gsize values, labels; /* entries that have one */
  gsize shields;        /* entries whose value is their own term */
  guint64 term_bytes;   /* of all terms */
  guint64 string_bytes; /* of all values and labels */
  gboolean is_image;    /* then also: */
  guint version;        /* of the format */
  const char *unicode;  /* as long as the glossary */
  guint64 size;         /* bytes of the file */
  guint sections;
} PfGlossaryFacts;

/* Goes through all entries. */
void pf_glossary_facts (const PfGlossary *self, PfGlossaryFacts *facts);

/* The name of section I of an image, and its length in bytes. */
const char *pf_glossary_section (const PfGlossary *self, guint i, gsize *len);

/* Verifies checksums and every invariant of an image, in time that grows with
 * its size; an image that was made by pf_image_file_write passes. FALSE with
 * PF_STATUS_DATA and what is wrong. */
gboolean pf_glossary_verify (const PfGlossary *self, GError **error);

/* --- Lint ------------------------------------------------------------- */

typedef enum {
  PF_FINDING_ERROR,   /* malformed */
  PF_FINDING_WARNING, /* most likely not what is meant */
  PF_FINDING_NOTE     /* may well be meant */
} PfFindingKind;

/* Valid during the call. */
typedef struct {
  guint64 line; /* the first is 1 */
  PfFindingKind kind;
  const char *text;
} PfFinding;

/* Looks through one SOURCE, named as in PfGlossaryOptions, with the other
 * fields of OPTIONS, and gives what is odd in it to FOUND, by line: all
 * malformed lines, which are errors, or warnings with lenient; entries that
 * repeat or hide each other; and texts that look unlike what is meant. An image
 * is verified as by pf_glossary_verify. FALSE, after what was found, where the
 * source cannot be read to its end. */
gboolean pf_glossary_lint (const char *source, const PfGlossaryOptions *options,
                           void (*found) (const PfFinding *finding,
                                          gpointer user),
                           gpointer user, GError **error);

/* --- Image ------------------------------------------------------------ */

/* A file that will be an image, or a source: it appears when it is whole. */
typedef struct PfImageFile PfImageFile;

/* (transfer full) NULL with PF_STATUS_CANT_CREATE. */
PfImageFile *pf_image_file_open (const char *path, GError **error);

/* NULL is allowed; what was not written is dropped. */
void pf_image_file_free (PfImageFile *self);

/* All zero: nothing. */
typedef struct {
  gboolean anywhere; /* with an index for PF_BOUNDARY_NONE, PREFIX and SUBWORD,
                        which otherwise each scanner and run with one of these
                        rules makes at its start */
} PfImageOptions;

/* Writes GLOSSARY as an image to the disk and gives it its name. Once only. The
 * same entries and OPTIONS (or NULL) make the same bytes. FALSE with
 * PF_STATUS_IO, also PF_STATUS_TEMPORARY where memory is out, and
 * PF_STATUS_DATA where it is too large. */
gboolean pf_image_file_write (PfImageFile *self, const PfGlossary *glossary,
                              const PfImageOptions *options, GError **error);

/* Any thread, also in a signal handler, for a process about to end: removes the
 * unfinished file. */
void pf_image_file_discard (PfImageFile *self);

/* The format that TO names, or, where that is NULL, the ending of OUTPUT, a
 * name of a file: "pfg", or one for PfTextOptions. NULL with PF_STATUS_USAGE
 * where there is none that can be written. */
const char *pf_glossary_output_format (const char *to, const char *output,
                                       GError **error);

typedef struct {
  const char *format; /* of a source, as pf_glossary_output_format gives it */
  gboolean lenient;   /* leave out entries that the format cannot hold */
  /* With lenient, where any were left out; FIRST says why the first of them
   * was. May be NULL. */
  void (*skipped) (guint64 entries, const char *first, gpointer user);
  gpointer user;
} PfTextOptions;

/* Writes GLOSSARY as a source, which reads back as the same entries in the same
 * order, to SELF, and gives that its name; or, where SELF is NULL, to standard
 * output. Once only. FALSE as pf_image_file_write, and with PF_STATUS_DATA,
 * before anything is written, where the format cannot hold an entry. */
gboolean pf_image_file_write_text (PfImageFile *self,
                                   const PfGlossary *glossary,
                                   const PfTextOptions *options,
                                   GError **error);

/* --- Scanner ---------------------------------------------------------- */

/* For entries whose glossary has no rule of its own. Zero means default:
 * exact case and boundary word (unless the format says otherwise), space wrap.
 */
typedef struct {
  PfCase case_rule;
  PfBoundary boundary;
  PfSpace space;
  gboolean overlapping;   /* every candidate, not the longest only */
  const char *word_chars; /* UTF-8; more word characters; may be NULL */
  /* Terms and text are taken as they are in normal form, with plain quotes and
   * hyphens, or with indicators that were made harmless as they were before.
   * What is reported is what stands in the text. */
  gboolean normalize, refang;
  const char *isa; /* scalar, avx2, avx512 or neon; NULL: the best one */
} PfMatchOptions;

typedef struct PfScanner PfScanner;

/* ENTRIES are valid during the call. FALSE ends the scan. */
typedef gboolean (*PfScanFunc) (gsize start, gsize end, const PfEntry *entries,
                                guint n_entries, gpointer user);

/* Takes its own reference to GLOSSARY. (transfer full) */
PfScanner *pf_scanner_new (PfGlossary *glossary, const PfMatchOptions *options,
                           GError **error);

/* Another scanner over the same index, for another thread: a scanner may be
 * used by one thread at a time. (transfer full) */
PfScanner *pf_scanner_clone (const PfScanner *self);
void pf_scanner_free (PfScanner *self);

/* Reports each match in TEXT, a whole document: by start, longer first; the
 * entries of a match with exact bytes before folded ones. Not those of entries
 * whose value is their own term, nor what lies within those; but markers are
 * for runs over files. */
void pf_scanner_scan (PfScanner *self, PfSpan text, PfScanFunc func,
                      gpointer user);

/* --- Run -------------------------------------------------------------- */

typedef enum {
  PF_RUN_FIND,          /* each match */
  PF_RUN_COUNT,         /* matches a file */
  PF_RUN_COUNT_TERMS,   /* matches a file and term */
  PF_RUN_TOTAL,         /* matches a term, over all files */
  PF_RUN_WITH_MATCH,    /* names of files with a match */
  PF_RUN_WITHOUT_MATCH, /* names of files without one */
  PF_RUN_LINES,         /* raw lines, with a match or without one */
  PF_RUN_ANSWER,        /* nothing; ends at the first match or error */
  PF_RUN_REPLACE,       /* each file, with values in place of matches */
  PF_RUN_ANNOTATE       /* each file, with its matches marked up */
} PfRunAction;

typedef enum {
  PF_MARKUP_UNSET, /* html */
  PF_MARKUP_HTML,
  PF_MARKUP_MARKDOWN,
  PF_MARKUP_ANSI
} PfMarkupKind;

typedef enum {
  PF_FORMAT_TEXT,
  PF_FORMAT_TSV,
  PF_FORMAT_JSONL, /* README.md says what is in it */
  PF_FORMAT_SARIF, /* 2.1.0; with PF_RUN_FIND only, as the next */
  PF_FORMAT_GITHUB /* workflow commands */
} PfRunFormat;

/* What PF_RUN_TOTAL totals by. */
typedef enum {
  PF_GROUP_TERM,
  PF_GROUP_LABEL,
  PF_GROUP_GLOSSARY,
  PF_GROUP_FOLDER /* that the file is in */
} PfRunGroup;

typedef enum {
  PF_MODE_AUTO, /* fork-join, unless names stream in */
  PF_MODE_FORK_JOIN,
  PF_MODE_PIPELINE
} PfRunMode;

typedef enum { PF_SCHEDULE_STEALING, PF_SCHEDULE_STATIC } PfSchedule;

/* A message about one input, given in input order, one at a time, by any
 * thread of the run. */
typedef struct {
  const char *path;
  const char *text;
  PfStatus status;             /* PF_STATUS_OK: a remark, no error */
  gboolean looks_like_content; /* the first hundred names on standard input
                                  failed: they may not be names at all */
} PfMessage;

/* As max_count: nothing is wanted of a file. */
#define PF_MAX_COUNT_NONE (-1)

/* Constant once the run is made. Zero means default. */
typedef struct {
  const PfInput *inputs;
  gsize n_inputs;
  gboolean null_delimited; /* names in lists end in NUL */
  gboolean recursive;      /* walk directories */
  gboolean follow;         /* and follow symbolic links found there */
  gboolean hidden;         /* and visit names with a leading dot */
  /* Which files count, named ones and those found; a pattern with a slash is
   * one of the path or of what follows any slash of it, else of the base name.
   * The last one that matches decides; if none does, a file counts unless the
   * first one includes. */
  const PfGlob *globs;
  gsize n_globs;
  const char *const *excluded_dirs; /* such patterns: these are not walked */
  gsize n_excluded_dirs;
  guint64 max_filesize;    /* bytes; larger regular files are passed over and
                              counted; 0: none is too large */
  gboolean ignore_missing; /* names of no file (ENOENT, ENOTDIR) are counted,
                              and no errors */
  gboolean search_zip;     /* compressed files are unpacked, and members of
                              archives are files; README.md, "Compressed files
                              and archives". Not with in_place, output_dir,
                              diff. */
  /* A program that gets each file, but not standard input, as its argument and
   * on its standard input, and writes the text; found by PATH. Where there are
   * patterns (as those above), only files that match one of them. While it
   * runs, libuv has a handler for SIGCHLD. Not with search_zip, in_place,
   * output_dir, diff. */
  const char *pre;
  const char *const *pre_globs;
  gsize n_pre_globs;
  PfBinary binary;
  const char *encoding; /* of all inputs, as iconv calls it; NULL: UTF-8, or
                           what a byte order mark says. Not with
                           PF_BINARY_TEXT. */

  PfGlossary *glossary; /* a reference is taken; needed by pf_run_new only */
  PfMatchOptions match;
  gboolean no_ignore; /* markers in files are text as any other; README.md,
                         "What is not to be found" */

  /* The run ends at the first input, in input order, that fails: all that it
   * comes to is that of the inputs up to and including this one. */
  gboolean fail_fast;

  PfRunAction action;
  gboolean first_value; /* PF_RUN_REPLACE: of several values the first; else the
                           match stays, with a remark */
  gboolean plain_case;  /* likewise: values as they are, else in the case of
                           the match where its entry ignores case */
  gboolean keep_lines;  /* likewise: a match across a line break stays */
  gboolean diff;        /* likewise: what differs, as a unified diff */
  PfMarkupKind markup;  /* PF_RUN_ANNOTATE: how */
  const char *template; /* likewise: in place of a markup, what a match becomes,
                           as "[{text}]({value})"; README.md has the fields */
  gboolean standalone;  /* likewise: HTML as a whole page */
  gboolean first_only;  /* likewise: the first match of each term in a file */
  PfRunFormat format;
  gboolean header;      /* tsv: a first line with the names of the columns */
  gboolean null_output; /* text: a NUL byte behind each name */
  /* With PF_RUN_TOTAL: */
  gboolean zero; /* also what was never found; not with PF_GROUP_FOLDER */
  guint64 top;   /* so many rows at most; 0: all */
  PfRunGroup group;
  guint group_depth; /* of PF_GROUP_FOLDER: so many components of its path */
  /* What the exit status is asked for: whether anything, or nothing, matched.
   */
  gboolean check, expect;
  PfLineOptions lines; /* for PF_RUN_LINES */
  gboolean color; /* with PF_FORMAT_TEXT: names, numbers and matched text */
  /* Of each file no more matches than this count, or lines, with
   * PF_RUN_LINES; 0: all. With PF_MAX_COUNT_NONE no file is even opened, but
   * for PF_RUN_WITHOUT_MATCH. */
  gint64 max_count;
  const char *output; /* a file; NULL: standard output */
  /* Each file goes to a file of its own, and none to OUTPUT. */
  gboolean in_place;         /* PF_RUN_REPLACE: in the place of the input, where
                                it changes */
  const char *backup_suffix; /* then: what the old one's name ends in; NULL: it
                                is not kept */
  gboolean force;            /* then: also where it has other names */
  const char *output_dir;    /* or below this folder, under the input's name:
                                also PF_RUN_ANNOTATE */
  /* A file that tells what was done, so that a run that was ended can be taken
   * up; OUTPUT is then written where it is. Needs OUTPUT or files of their own;
   * not with PF_RUN_TOTAL or PF_FORMAT_SARIF. */
  const char *journal;
  gboolean resume;             /* go on where it ends, if it is there */
  const char *journal_options; /* words for all else that results depend on: a
                                  run goes on with the same ones; or NULL */
  gboolean terminal;           /* escape control characters in names */
  gboolean line_by_line;       /* show results as soon as there are any */
  /* Files that OUTPUT must not be, such as those of the glossary. */
  const char *const *protected_files;
  gsize n_protected_files;

  PfRunMode mode;
  PfSchedule schedule; /* of fork-join; pipeline has no worklists */
  guint jobs;          /* 0: the processors this process may use */
  guint readers;       /* pipeline; 0: as many as seems right */
  int retries;         /* 0: PF_RETRIES_DEFAULT */
  guint64 memory;      /* bytes for buffers and waiting results; 0: 256 MiB */
  gboolean stats;      /* gather what pf_run_stats tells */
  const char *stats_file;   /* where that will be written; NULL: no file */
  PfLoadCost glossary_cost; /* to be told there */
  gsize piece; /* bytes of the pieces of large files, for tests; else 0 */

  void (*message) (const PfMessage *message, gpointer user); /* may be NULL */
  gpointer user;
} PfRunConfig;

/* What a run came to; freed with it. */
typedef struct {
  guint64 files; /* inputs taken up, those that failed too */
  guint64 failed;
  guint64 matched;          /* files with a match */
  guint64 binaries;         /* passed over */
  const char *first_binary; /* or NULL */
  guint64 too_large;        /* passed over for their size */
  guint64 missing;          /* of no file, where that is no error */
  guint64 left_out;         /* matches, of a format that has a limit */
  PfStatus status;          /* what it comes to, with check and expect */
  PfStatus first_status;    /* of the first input that failed; 0: none did */
  const char *first_failed; /* its name, or NULL */
  const char *first_message;
  gboolean looks_like_content; /* all names on standard input failed, and
                                  no message said so yet */
  gboolean cancelled;          /* by pf_run_cancel: output is a prefix */
} PfSummary;

typedef struct PfRun PfRun;

/* Checks CONFIG, which must outlive the run, and opens the output. (transfer
 * full) NULL with PF_STATUS_USAGE where the output, or the file for statistics,
 * is also an input, a protected file or the other one, the word characters are
 * no UTF-8, the instruction set is not there, the encoding or the template is
 * none, or a journal is of other options or has no place here;
 * PF_STATUS_DATA where the journal is damaged or of another glossary,
 * PF_STATUS_CANT_CREATE where the output cannot be opened,
 * PF_STATUS_TEMPORARY where descriptors are out. */
PfRun *pf_run_new (const PfRunConfig *config, GError **error);

/* NULL is allowed. */
void pf_run_free (PfRun *self);

/* How many entries may stand inside words, and so have an index of their
 * own; and whether that was stored in the image. If not, pf_run_new made it. */
gsize pf_run_anywhere (const PfRun *self, gboolean *is_stored);

/* Whether terms are others in the eyes of the matcher, by normalize or refang,
 * so that pf_run_new made a glossary of its own for it. */
gboolean pf_run_maps_terms (const PfRun *self);

/* Does it all and waits for the end. Once only. FALSE where the run itself
 * failed (PF_STATUS_OS: no threads; PF_STATUS_IO: output; PF_STATUS_USAGE: an
 * input turned out to be the output); errors of inputs are messages, and stand
 * in the summary. */
gboolean pf_run_execute (PfRun *self, GError **error);

/* Whether another glossary can take the place of the present one: where names,
 * or a document, stream in. FALSE with PF_STATUS_USAGE where all inputs are
 * known from the start, so that it would be of no use, and with PF_RUN_TOTAL,
 * which counts the terms of one glossary. Any thread. */
gboolean pf_run_check_reload (const PfRun *self, GError **error);

/* Replaces the glossary, of which a reference is taken. Files listed from now
 * on are matched with it; those listed before, with the one they had then; a
 * document that streams goes over at the next line that begins, but keeps its
 * glossary with PF_RUN_COUNT_TERMS. The last of them lets go of the old one.
 * What a scanner of it needs is made here, which may take its time. Any thread,
 * also while pf_run_execute runs. FALSE as pf_run_check_reload, and the old one
 * stays. */
gboolean pf_run_reload (PfRun *self, PfGlossary *glossary, GError **error);

/* How often that was done. Any thread. */
guint64 pf_run_n_reloads (const PfRun *self);

/* After pf_run_execute; valid as long as SELF. */
const PfSummary *pf_run_summary (const PfRun *self);

/* The statistics of a run, as JSON; README.md says what is in it. After
 * pf_run_execute, whatever came of that, with CONFIG's stats set. SELF is NULL
 * where no run was made of CONFIG, because of an error before. STATUS is the
 * exit code that it came to. (transfer full: g_free) */
char *pf_run_stats (const PfRun *self, const PfRunConfig *config,
                    PfStatus status);

/* Writes the same to CONFIG's stats_file, which then appears as a whole. Once
 * only. FALSE with PF_STATUS_IO; where SELF is NULL, also as pf_run_new. */
gboolean pf_run_write_stats (PfRun *self, const PfRunConfig *config,
                             PfStatus status, GError **error);

/* Any thread, also while pf_run_execute runs: no new work; what is complete
 * is still written. */
void pf_run_cancel (PfRun *self);

/* Any thread, for a process about to end: removes unfinished output files. */
void pf_run_discard (PfRun *self);

/* As "15.0.0". */
const char *pf_unicode_version (void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfGlossary, pf_glossary_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfImageFile, pf_image_file_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfScanner, pf_scanner_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfRun, pf_run_free)

G_END_DECLS

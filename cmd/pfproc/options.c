#include "options.h"

#include <stddef.h>

static const char *const boundaries[] = { "",     "word", "strict",
                                          "host", "none", NULL };
static const char *const spaces[] = { "wrap", "line", "exact", NULL };
static const char *const binaries[] = { "skip", "text", "error", NULL };
static const char *const line_kinds[] = { "match", "nomatch", NULL };
static const char *const colors[] = { "auto", "always", "never", NULL };
static const char *const formats[] = { "text",  "tsv",    "jsonl",
                                       "sarif", "github", NULL };
static const char *const markups[] = { "", "html", "markdown", "ansi", NULL };
static const char *const modes[] = { "auto", "fork-join", "pipeline", NULL };
static const char *const schedules[] = { "stealing", "static", NULL };

const char *const option_group_names[N_GROUPS] = {
  [GROUP_INPUT] = "Input",
  [GROUP_GLOSSARY] = "Glossary",
  [GROUP_MATCHING] = "Matching",
  [GROUP_ACTION] = "Action, one of",
  [GROUP_OUTPUT] = "Output",
  [GROUP_EXECUTION] = "Execution",
  [GROUP_EXIT] = "Exit status",
  [GROUP_REPORTING] = "Reporting",
  [GROUP_GREP] = "Accepted for hands used to grep",
};

#define AT(member) offsetof (Cli, member)
#define FLAG(member) KIND_SET, AT (member), TRUE, NULL
#define VALUE(member, n) KIND_SET, AT (member), n, NULL
#define CHOICE(member, words) KIND_CHOICE, AT (member), 0, words
#define PLAIN(kind, member) kind, AT (member), 0, NULL
#define OTHER(kind) kind, 0, 0, NULL

/* clang-format off */
const Option options[] = {
  { GROUP_INPUT, 'T', "files-from", "LIST",
    "names from LIST, one a line (-: standard input)",
    OTHER (KIND_LIST) },
  { GROUP_INPUT, '0', "null", NULL, "names in lists end in NUL",
    FLAG (run.null_delimited) },
  { GROUP_INPUT, 'r', "recursive", NULL, "walk directories",
    FLAG (run.recursive) },
  { GROUP_INPUT, 'R', "dereference-recursive", NULL,
    "walk directories and follow symbolic links", FLAG (run.follow) },
  { GROUP_INPUT, 0, "hidden", NULL, "walk hidden files and directories, too",
    FLAG (run.hidden) },
  { GROUP_INPUT, 'a', "text", NULL, "take all files for text, byte for byte",
    VALUE (run.binary, PF_BINARY_TEXT) },
  { GROUP_INPUT, 0, "binary", "WHAT", "binary files: skip (default), text, error",
    CHOICE (run.binary, binaries) },

  { GROUP_GLOSSARY, 'g', "glossary", "FILE",
    "FILE[:FORMAT][,KEY=VALUE...] or @misspellings",
    OTHER (KIND_SOURCE) },
  { GROUP_GLOSSARY, 'e', "term", "TERM", "a term, repeatable",
    OTHER (KIND_TERM) },
  { GROUP_GLOSSARY, 0, "lenient", NULL, "skip malformed lines of glossaries",
    FLAG (glossary.lenient) },
  { GROUP_GLOSSARY, 0, "allow-empty", NULL, "a glossary may be empty",
    FLAG (glossary.allow_empty) },

  { GROUP_MATCHING, 'i', "ignore-case", NULL, "by simple case folding",
    VALUE (run.match.case_rule, PF_CASE_IGNORE) },
  { GROUP_MATCHING, 0, "boundary", "RULE",
    "word (default), strict, host, none", CHOICE (run.match.boundary, boundaries) },
  { GROUP_MATCHING, 0, "overlapping", NULL, "report overlapping matches, too",
    FLAG (run.match.overlapping) },
  { GROUP_MATCHING, 0, "space", "RULE",
    "white space: wrap (default), line, exact",
    CHOICE (run.match.space, spaces) },
  { GROUP_MATCHING, 0, "word-chars", "CHARS", "take CHARS for word characters",
    PLAIN (KIND_STRING, run.match.word_chars) },

  { GROUP_ACTION, 0, "find", NULL, "print each match (default)",
    VALUE (run.action, PF_RUN_FIND) },
  { GROUP_ACTION, 'c', "count", NULL, "count matches a file",
    VALUE (run.action, PF_RUN_COUNT) },
  { GROUP_ACTION, 0, "count-terms", NULL, "count matches a file and term",
    VALUE (run.action, PF_RUN_COUNT_TERMS) },
  { GROUP_ACTION, 0, "total", NULL, "count matches and files a term",
    VALUE (run.action, PF_RUN_TOTAL) },
  { GROUP_ACTION, 'l', "files-with-matches", NULL, "name files with a match",
    VALUE (run.action, PF_RUN_WITH_MATCH) },
  { GROUP_ACTION, 'L', "files-without-match", NULL, "name files without a match",
    VALUE (run.action, PF_RUN_WITHOUT_MATCH) },
  { GROUP_ACTION, 0, "annotate", "[HOW]",
    "print files with their matches marked: html (default), markdown, ansi",
    CHOICE (run.markup, markups) },
  { GROUP_ACTION, 0, "replace", NULL, "print files with values for matches",
    VALUE (run.action, PF_RUN_REPLACE) },
  { GROUP_ACTION, 0, "lines", "[WHICH]",
    "print lines as they are: match (default), nomatch",
    KIND_LINES, AT (run.lines.without_match), 0, line_kinds },

  { GROUP_OUTPUT, 0, "first-value", NULL, "replace: of several values the first",
    FLAG (run.first_value) },
  { GROUP_OUTPUT, 0, "no-preserve-case", NULL,
    "replace: values as they are, not in the case of the match",
    FLAG (run.plain_case) },
  { GROUP_OUTPUT, 0, "template", "TEXT",
    "annotate: what a match becomes, as '[{text}]({value})'",
    PLAIN (KIND_STRING, run.template) },
  { GROUP_OUTPUT, 0, "standalone", NULL, "annotate: HTML as a whole page",
    FLAG (run.standalone) },
  { GROUP_OUTPUT, 0, "first-only", NULL,
    "annotate: the first match of each term in a file", FLAG (run.first_only) },
  { GROUP_OUTPUT, 0, "diff", NULL, "replace: what differs, for patch -p0",
    FLAG (run.diff) },
  { GROUP_OUTPUT, 0, "in-place", "[SUFFIX]",
    "replace: edit the files; keep old ones as NAME and SUFFIX",
    OTHER (KIND_IN_PLACE) },
  { GROUP_OUTPUT, 0, "force", NULL,
    "in-place: also files that have several names (hard links)",
    FLAG (run.force) },
  { GROUP_OUTPUT, 0, "output-dir", "DIR",
    "replace, annotate: write files below DIR, under the same names",
    PLAIN (KIND_STRING, run.output_dir) },
  { GROUP_OUTPUT, 0, "output", "FILE", "write to FILE, as a whole at the end",
    PLAIN (KIND_STRING, run.output) },
  { GROUP_OUTPUT, 0, "format", "FORMAT",
    "text (default), tsv, jsonl, sarif, github", CHOICE (run.format, formats) },
  { GROUP_OUTPUT, 0, "header", NULL, "tsv: begin with the names of the columns",
    FLAG (run.header) },
  { GROUP_OUTPUT, 'Z', "null-output", NULL, "text: a NUL byte behind each name",
    FLAG (run.null_output) },
  { GROUP_OUTPUT, 0, "zero", NULL, "--total: also terms that were never found",
    FLAG (run.zero) },
  { GROUP_OUTPUT, 0, "top", "N", "--total: the first N rows",
    PLAIN (KIND_POSITIVE, run.top) },
  { GROUP_OUTPUT, 0, "group-by", "WHAT",
    "--total: by label, glossary, or folder of N components",
    OTHER (KIND_GROUP) },
  { GROUP_OUTPUT, 'm', "max-count", "N",
    "stop after N matches, or N of --lines, in a file",
    PLAIN (KIND_NUMBER, max_count) },
  { GROUP_OUTPUT, 'A', "after-context", "N", "with --lines: N lines more after each",
    PLAIN (KIND_NUMBER, run.lines.after) },
  { GROUP_OUTPUT, 'B', "before-context", "N", "with --lines: N lines more before each",
    PLAIN (KIND_NUMBER, run.lines.before) },
  { GROUP_OUTPUT, 'C', "context", "N", "with --lines: N lines more on both sides",
    PLAIN (KIND_NUMBER, context) },
  { GROUP_OUTPUT, 'H', "with-filename", NULL,
    "with --lines: the file's name before each",
    FLAG (run.lines.names) },
  { GROUP_OUTPUT, 'n', "line-number", NULL, "with --lines: its number before each",
    FLAG (run.lines.numbers) },
  { GROUP_OUTPUT, 0, "color", "[WHEN]", "auto (default), always, never",
    CHOICE (color, colors) },

  { GROUP_EXECUTION, 'j', "jobs", "N",
    "threads that match (0, default: all processors)",
    PLAIN (KIND_COUNT, run.jobs) },
  { GROUP_EXECUTION, 0, "mode", "MODE", "auto (default), fork-join, pipeline",
    CHOICE (run.mode, modes) },
  { GROUP_EXECUTION, 0, "schedule", "HOW",
    "fork-join: stealing (default), static", CHOICE (run.schedule, schedules) },
  { GROUP_EXECUTION, 0, "readers", "N", "pipeline: threads that read ahead",
    PLAIN (KIND_COUNT, run.readers) },
  { GROUP_EXECUTION, 0, "fail-fast", NULL,
    "stop at the first file that fails", FLAG (run.fail_fast) },
  { GROUP_EXECUTION, 0, "retries", "N",
    "tries more where reading fails for a passing reason (default: 2)",
    PLAIN (KIND_COUNT, retries) },
  { GROUP_EXECUTION, 0, "memory", "SIZE",
    "for buffers and waiting results (default: 256M)",
    PLAIN (KIND_SIZE, run.memory) },
  { GROUP_EXECUTION, 0, "journal", "FILE",
    "note what is done, so that a run can be taken up",
    PLAIN (KIND_STRING, run.journal) },
  { GROUP_EXECUTION, 0, "resume", NULL,
    "go on where the journal ends", FLAG (run.resume) },

  { GROUP_EXIT, 0, "check", NULL, "exit 1 where anything matched",
    FLAG (check) },
  { GROUP_EXIT, 0, "expect", NULL, "exit 1 where nothing matched",
    FLAG (expect) },
  { GROUP_EXIT, 'q', "quiet", NULL,
    "print nothing, stop early; implies --expect",
    FLAG (quiet) },

  { GROUP_REPORTING, 0, "verbose", NULL, "say what is done",
    FLAG (verbose) },
  { GROUP_REPORTING, 0, "stats", "[FILE]",
    "statistics as JSON, to FILE or standard error", OTHER (KIND_STATS) },
  { GROUP_REPORTING, 'h', "help", NULL, "print this", FLAG (help) },
  { GROUP_REPORTING, 'V', "version", NULL, "print the version",
    FLAG (version) },

  { GROUP_GREP, 'F', NULL, NULL, "no effect", OTHER (KIND_NOTHING) },
  { GROUP_GREP, 'o', NULL, NULL, "no effect", OTHER (KIND_NOTHING) },
  { GROUP_GREP, 'w', NULL, NULL, "no effect", OTHER (KIND_NOTHING) },
  { GROUP_GREP, 'f', NULL, "FILE", "the same as -g FILE:txt",
    OTHER (KIND_TXT) },
};
/* clang-format on */

const guint n_options = G_N_ELEMENTS (options);

/* Actions exclude each other without standing here. */
const Exclusion exclusions[] = {
  { "text", "binary", "it is --binary=text" },
  { "check", "expect", "they ask for the opposite" },
  { "diff", "in-place", "what differs is printed, and no file changed" },
  { "diff", "output-dir", "what differs is printed, and no file made" },
  { "annotate", "overlapping", "one match is marked at a place" },
  { "annotate", "format", "files are printed, no records" },
  { "template", "standalone", "only HTML has pages" },
  { "replace", "overlapping", "one match is replaced at a place" },
  { "replace", "format", "files are printed, no records" },
  { "quiet", "annotate", "nothing is written" },
  { "quiet", "replace", "nothing is written" },
  { "in-place", "output", "the files themselves are written" },
  { "in-place", "output-dir", "files are edited, or written elsewhere" },
  { "output-dir", "output", "each file is written to a file of its own" },
  { "journal", "total", "totals come at the end" },
  { "quiet", "output", "nothing is written" },
  { "quiet", "format", "nothing is written" },
  { "annotate", "null-output", "files are printed, no records" },
  { "replace", "null-output", "files are printed, no records" },
  { "quiet", "null-output", "nothing is written" },
  { "quiet", "zero", "nothing is written" },
  { "quiet", "top", "nothing is written" },
  { "quiet", "group-by", "nothing is written" },
  { "quiet", "color", "nothing is written" },
};

/* What may be another when a run is taken up again, besides the groups of
 * execution, exit status and reporting. */
const char *const free_options[] = {
  "files-from", "null",    "recursive",   "dereference-recursive",
  "hidden",     "include", "exclude",     "glossary",
  "term",       "lenient", "allow-empty", NULL
};

const guint n_exclusions = G_N_ELEMENTS (exclusions);

const Requirement requirements[] = {
  { "template", { "annotate" } },
  { "standalone", { "annotate" } },
  { "first-only", { "annotate" } },
  { "diff", { "replace" } },
  { "first-value", { "replace" } },
  { "no-preserve-case", { "replace" } },
  { "in-place", { "replace" } },
  { "force", { "in-place" } },
  { "journal", { "output", "output-dir", "in-place" } },
  { "resume", { "journal" } },
  { "output-dir", { "replace", "annotate" } },
};

const guint n_requirements = G_N_ELEMENTS (requirements);

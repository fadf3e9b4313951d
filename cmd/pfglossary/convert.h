/* pfglossary convert: sources to a source of another format. */
#pragma once

/* ARGV[0] is the command's name. Returns an exit code, or -1 where the
 * arguments make no sense and nothing was said about it. */
int convert (int argc, char **argv);

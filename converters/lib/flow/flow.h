/*
 * The flow from inside: options.c reads the command line, sniff.c tells formats apart,
 * flow.c and its neighbours (flowing.h) move records. output.c and report.c are for other
 * programs too.
 */
#ifndef MO_FLOW_FLOW_H
#define MO_FLOW_FLOW_H

#include <moisson/flow.h>
#include <moisson/output.h>

#ifndef MO_VERSION
#define MO_VERSION "0" /* the Makefile gives it, from VERSION */
#endif

enum { MAX_OVERLAYS = 16, MAX_CONTEXT_MAPS = 16 };

struct overlay {
    struct mo_str name; /* empty: those that the file names */
    const char *file;
};

/* Where the contexts are whose URL begins with `prefix`. */
struct context_map {
    struct mo_str prefix;
    const char *folder;
};

struct options {
    bool lines, pretty, strict, quiet, verbose, progress, quads;
    bool payload, make_private, collapse_exports;
    const char *base_url, *title, *description, *publisher, *catalogue;
    bool form;    /* print an empty input instead of converting */
    bool standby; /* convert what tasks say, see moisson/standby.h */
    const char *organization, *ids;
    const char *output, *base, *languages, *charset, *context;
    const char *rejects, *diagnostics, *summary, *losses, *unmatched;
    enum mo_join join;
    enum mo_keys keys;
    enum mo_only only;
    const char *only_rules, *except_rules;
    enum mo_extras extras;
    enum mo_columns columns;
    size_t max_bytes, max_depth;
    size_t max_rejects;       /* SIZE_MAX: any number */
    bool max_rejects_percent; /* of all records */
    int64_t now;
    struct overlay overlays[MAX_OVERLAYS];
    size_t n_overlays;
    struct context_map context_maps[MAX_CONTEXT_MAPS];
    size_t n_context_maps;
    const char *tags[MO_MAX_TAGS];
    size_t n_tags;
    const char *list; /* table to print instead of converting */
    const char **operands;
    size_t n_operands;
};

/*
 * Read the command line. 0: go on; else the exit status is `*status`: something was
 * asked for and printed, or the usage was wrong.
 */
int mo_options_read(const struct mo_program *program, int argc, char *argv[],
    struct options *options, int *status);

/* ---- Output files ---- */

/* Whether two files, each perhaps not there yet, are one. */
bool mo_same_file(const char *a, const char *b);

/* The whole of a file. 0, or -1 with errno set. */
int mo_read_file(const char *name, struct mo_buf *out);

/* ---- Folders ---- */

/*
 * A folder that is replaced as a whole: files are written beside it, and what is the same as
 * before is the same file. What others put there stays.
 */
struct tree;

/* You own it; NULL with errno set. Nothing is there until tree_close. */
struct tree *mo_tree_open(const char *folder);

/* The functions of struct mo_files. */
void *mo_tree_file(void *tree, struct mo_str path);
int mo_tree_write(void *file, struct mo_str bytes);
int mo_tree_file_close(void *file);
void mo_tree_done(void *tree);

/* Whether mo_tree_done was called. */
bool mo_tree_is_done(const struct tree *tree);

/* The errno of what failed first; 0: nothing did. */
int mo_tree_error(const struct tree *tree);

/* Put it in its place, or (`keep` false) away; released either way. 0, or -1 with errno set. */
int mo_tree_close(struct tree *tree, bool keep);

/* ---- Formats ---- */

struct dialect {
    const char *name;        /* "" when it is none we know */
    const char *description; /* in the language asked for */
    const char *program;     /* that reads it; "" when there is none */
};

struct dialect mo_sniff(
    const struct mo_tables *tables, struct mo_str head, enum mo_lang lang);

#endif

/*
 * A program that converters are made of. It is found beside the running program, else where
 * it was installed, never by PATH. From its first use on it stands by (moisson/standby.h), so
 * that a page costs no more than a clone of it.
 */
#ifndef HARVESTER_TOOL_H
#define HARVESTER_TOOL_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include <moisson/standby.h>

enum { TOOL_PATH = 4096 };

/* Numbers of processes that are none. */
enum {
    PROCESS_ASKED = -1, /* it was asked for, and nobody has looked who it is */
    PROCESS_LOST = -2   /* who should have started it has ended */
};

struct tool;

/* NULL when there is none, or memory is short. */
struct tool *tool_new(const char *name);
void tool_free(struct tool *tool); /* behind all that it was asked for */

const char *tool_name(const struct tool *tool);
const char *tool_path(const struct tool *tool);

/* The directory of the running program, or where programs are installed. */
void tool_directory(char directory[TOOL_PATH]);

/*
 * Ask for a process; `*pid` will be its number, and is PROCESS_ASKED until tool_await. The
 * place stays where it is. -1: it must be started in another way.
 */
int tool_ask(struct tool *tool, const struct mo_task *task, pid_t *pid);

/* Find out the number of a process that was asked for, or that it is lost. */
void tool_await(struct tool *tool, const pid_t *pid);

/* Whether that is known, without waiting. */
bool tool_has_answered(struct tool *tool, const pid_t *pid);

/* What stands by ends, stopped or not: what it was asked for and has not begun is lost. */
void tool_dismiss(struct tool *tool);

/*
 * Start a program in a process group of its own. `files` become its descriptors from 0 on.
 * 0, or -1 with errno set.
 */
int tool_spawn(
    pid_t *pid, const char *const arguments[], const int files[], size_t n_files);

#endif
